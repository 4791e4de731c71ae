"use client";

import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, EyeOff, Minus, MoveHorizontal, Plus, Snowflake, X } from "lucide-react";
import { Popover } from "radix-ui";
import { useMemo, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/button";
import { FilterForm } from "./filter-form";
import { kindWord } from "./kinds";
import { ProfileView } from "./profile-view";
import type { Source } from "./queries";
import { STEP_PX } from "./layout";
import { moved, withFilters, withMember, withSort, type Column, type Filter, type View } from "./view";

interface ColumnPanelProps {
  source: Source;
  column: Column;
  columns: readonly Column[];
  view: View;
  onView: (view: View) => void;
  /** Makes the column wider, or narrower by less than nothing. */
  onWider: (by: number) => void;
  /** Makes it as wide as what it holds. */
  onFit: () => void;
  /** Where the header stands now. */
  place: () => DOMRect;
  onClose: () => void;
}

/** All about a column: its order and place, which of its rows are shown, what it holds. */
export function ColumnPanel({ source, column, columns, view, onView, onWider, onFit, place, onClose }: ColumnPanelProps) {
  const anchor = useMemo(() => ({ current: { getBoundingClientRect: place } }), [place]);
  const filters = view.filters.filter((filter) => filter.column === column.name);
  const onFilters = (next: readonly Filter[]) => onView(withFilters(view, column.name, next));
  const sorted = view.sort.find((key) => key.column === column.name);
  const isFrozen = view.frozen.includes(column.name);
  const sort = (descending: boolean) => onView(withSort(view, column.name, sorted?.descending === descending ? null : descending));
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          aria-label={`About ${column.name}`}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          className="appear z-40 flex max-h-(--radix-popover-content-available-height) w-80 max-w-[calc(100vw-1rem)] flex-col rounded-lg border border-line bg-raised shadow-lift focus:outline-none"
        >
          <div className="flex items-start gap-2 border-b border-line py-2 pr-2 pl-4">
            <div className="min-w-0 flex-1 py-0.5">
              <h2 className="truncate text-sm font-medium">{column.name}</h2>
              <p className="text-xs text-soft">{kindWord(column.type)}</p>
            </div>
            <IconButton label="Close" onClick={onClose}>
              <X aria-hidden className="size-4" />
            </IconButton>
          </div>
          <div className="grid min-h-0 gap-5 overflow-y-auto p-4">
            <div className="grid gap-2">
              <div className="grid grid-cols-2 gap-2">
                <Toggle isOn={sorted?.descending === false} onClick={() => sort(false)} icon={<ArrowUp aria-hidden className="size-4" />}>
                  Ascending
                </Toggle>
                <Toggle isOn={sorted?.descending === true} onClick={() => sort(true)} icon={<ArrowDown aria-hidden className="size-4" />}>
                  Descending
                </Toggle>
                <Toggle isOn={isFrozen} onClick={() => onView({ ...view, frozen: withMember(view.frozen, column.name, !isFrozen) })} icon={<Snowflake aria-hidden className="size-4" />}>
                  Freeze
                </Toggle>
                <Toggle
                  onClick={() => {
                    onView({ ...view, hidden: withMember(view.hidden, column.name, true) });
                    onClose();
                  }}
                  icon={<EyeOff aria-hidden className="size-4" />}
                >
                  Hide
                </Toggle>
              </div>
              <div className="flex items-center gap-1 text-sm text-soft">
                <IconButton label="Move left" onClick={() => onView(moved(columns, view, column.name, -1))}>
                  <ArrowLeft aria-hidden className="size-4" />
                </IconButton>
                Move
                <IconButton label="Move right" onClick={() => onView(moved(columns, view, column.name, 1))}>
                  <ArrowRight aria-hidden className="size-4" />
                </IconButton>
                <span className="ml-auto" />
                <IconButton label="Narrower" onClick={() => onWider(-STEP_PX)}>
                  <Minus aria-hidden className="size-4" />
                </IconButton>
                Width
                <IconButton label="Wider" onClick={() => onWider(STEP_PX)}>
                  <Plus aria-hidden className="size-4" />
                </IconButton>
                <IconButton label="As wide as what it holds" onClick={onFit}>
                  <MoveHorizontal aria-hidden className="size-4" />
                </IconButton>
              </div>
            </div>
            <FilterForm key={JSON.stringify(filters)} column={column} filters={filters} onFilters={onFilters} />
            <section aria-label="What it holds" className="border-t border-line pt-4">
              <ProfileView source={source} column={column} view={view} onFilters={onFilters} />
            </section>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface ToggleProps {
  /** Left out where it is no state but something to do. */
  isOn?: boolean;
  onClick: () => void;
  icon: ReactNode;
  children: ReactNode;
}

function Toggle({ isOn, onClick, icon, children }: ToggleProps) {
  return (
    <button
      type="button"
      {...(isOn === undefined ? {} : { "aria-pressed": isOn })}
      onClick={onClick}
      className={cn(
        "flex min-h-9 items-center gap-2 rounded-md border px-3 text-sm",
        isOn ? "border-accent bg-tint text-accent" : "border-line hover:bg-hover",
      )}
    >
      {icon}
      {children}
    </button>
  );
}
