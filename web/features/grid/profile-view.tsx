"use client";

import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { cn } from "@/components/ui/cn";
import { chosenValues, conditionWords, toggled } from "./conditions";
import { binsOf, factsOf, filtersOfBin, heightsOf, scalar, share, valueWords, type Profile } from "./profile";
import { useProfile, type Source } from "./queries";
import type { Column, Filter, View } from "./view";

interface ProfileViewProps {
  source: Source;
  column: Column;
  view: View;
  onFilters: (filters: readonly Filter[]) => void;
}

/** What a column holds, over the rows that the other filters leave. */
export function ProfileView({ source, column, view, onFilters }: ProfileViewProps) {
  const profile = useProfile(source, column.name, view);
  if (profile.isError) return <Trouble error={profile.error} again={() => void profile.refetch()} />;
  if (!profile.data) return <Skeleton className="h-56" />;
  const filters = view.filters.filter((filter) => filter.column === column.name);
  return (
    <div className="grid gap-4">
      {profile.data.bins.length > 1 && <Bars profile={profile.data} column={column} onFilters={onFilters} />}
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-5 gap-y-1 text-sm">
        {factsOf(profile.data, column.type).map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-soft">{label}</dt>
            <dd className="text-right tabular-nums break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {profile.data.top.length > 0 && <Top profile={profile.data} column={column} filters={filters} onFilters={onFilters} />}
    </div>
  );
}

interface PartProps {
  profile: Profile;
  column: Column;
  onFilters: (filters: readonly Filter[]) => void;
}

/** The distribution; a bar leads to its rows. */
function Bars({ profile, column, onFilters }: PartProps) {
  const bins = binsOf(profile, column.type);
  const heights = heightsOf(bins);
  return (
    <figure>
      <figcaption className="sr-only">Distribution of {column.name}</figcaption>
      <div className="flex h-20 items-stretch gap-px border-b border-edge">
        {bins.map((bin, n) => {
          const filters = filtersOfBin(column.name, bins, n);
          const words = `${conditionWords(column.type, filters)}: ${bin.rows.toLocaleString("en")} ${bin.rows === 1 ? "row" : "rows"}`;
          return (
            <button
              key={n}
              type="button"
              title={words}
              aria-label={words}
              disabled={bin.rows === 0}
              onClick={() => onFilters(filters)}
              className="group flex min-w-0 flex-1 items-end rounded-t-xs enabled:hover:bg-hover"
            >
              <span aria-hidden className="w-full rounded-t-xs bg-(--series-0) group-hover:bg-accent" style={{ height: `${(heights[n] ?? 0) * 100}%` }} />
            </button>
          );
        })}
      </div>
      <p aria-hidden className="mt-1 flex justify-between gap-4 text-xs text-soft tabular-nums">
        <span>{valueWords(bins[0]?.from, column.type)}</span>
        <span>{valueWords(bins.at(-1)?.to, column.type)}</span>
      </p>
    </figure>
  );
}

/** The values that most rows have; each is asked for, or no longer, by a click. */
function Top({ profile, column, filters, onFilters }: PartProps & { filters: readonly Filter[] }) {
  const held = chosenValues(filters);
  const most = Math.max(1, ...profile.top.map(({ rows }) => rows));
  return (
    <section aria-label="Most frequent values">
      <h3 className="mb-1.5 text-sm font-medium">Most frequent</h3>
      <ul className="-mx-1.5">
        {profile.top.map(({ value, rows }, n) => {
          const isHeld = held.includes(scalar(value));
          return (
            <li key={n}>
              <button
                type="button"
                aria-pressed={isHeld}
                onClick={() => onFilters(toggled(column.name, filters, scalar(value)))}
                className={cn("relative flex min-h-8 w-full items-center gap-3 rounded-sm px-1.5 text-left text-sm hover:bg-hover", isHeld && "outline-2 -outline-offset-2 outline-accent")}
              >
                <span aria-hidden className="absolute inset-y-1 left-0 rounded-sm bg-tint" style={{ width: `${(rows / most) * 100}%` }} />
                <span className={cn("relative min-w-0 flex-1 truncate", value === null && "text-soft italic")}>{valueWords(value, column.type)}</span>
                <span className="relative text-xs text-soft tabular-nums">
                  {rows.toLocaleString("en")} · {share(rows, profile.rows)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
