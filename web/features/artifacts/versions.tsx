"use client";

import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";
import { useUser } from "@/features/session/hooks";
import { useGoTo, useVersions } from "@/features/sheets";
import { longDate, sinceWhen } from "@/lib/dates";
import { saying } from "@/lib/problem";
import { Failed } from "./failed";
import type { Sheet } from "./queries";
import { useMay } from "./use-may";
import { sizeWords, versionWords } from "./versions-said";

interface VersionsProps {
  sheet: Sheet;
  /** The version that is looked at. */
  looked: number;
  onLook: (version: number) => void;
  /** The version that is looked at became the current one. */
  onCurrent: () => void;
}

/** Every version of a result, the latest first; none is ever lost. */
export function Versions({ sheet, looked, onLook, onCurrent }: VersionsProps) {
  const versions = useVersions(sheet.id);
  const goTo = useGoTo(sheet.id);
  const user = useUser();
  const may = useMay(sheet.project_id);
  if (versions.isPending) return <Skeleton className="h-24 max-w-4xl" />;
  if (versions.isError) return <Failed error={versions.error} again={() => void versions.refetch()} />;
  return (
    <ol className="max-w-4xl divide-y divide-line rounded-lg border border-line bg-raised">
      {versions.data.versions.toReversed().map((version) => {
        const current = version.number === sheet.version;
        return (
          <li key={version.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 pr-2 pl-4">
            <div className="min-w-40 flex-1">
              <p className="text-sm">
                <span className="font-medium">Version {version.number}</span>
                {current && <span className="ml-2 rounded-full bg-tint px-2 py-0.5 text-xs text-accent">current</span>}
              </p>
              <p className="text-sm text-soft">
                {versionWords(version, user.id)} ·{" "}
                <time dateTime={version.created_at} title={longDate(version.created_at)}>
                  {sinceWhen(version.created_at)}
                </time>
                {sheet.type === "table" && ` · ${sizeWords(version, sheet.type)}`}
              </p>
            </div>
            <div className={cn("flex", current && version.number === looked && "hidden")}>
              <Button look="quiet" aria-label={`Look at version ${version.number}`} onClick={() => onLook(version.number)}>
                Look
              </Button>
              {may && !current && (
                <Button
                  look="quiet"
                  aria-label={`Make current: version ${version.number}`}
                  busy={goTo.isPending && goTo.variables === version.number}
                  onClick={() =>
                    goTo.mutate(version.number, { onSuccess: onCurrent, onError: (error) => toast.error(saying(error)) })
                  }
                >
                  Make current
                </Button>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
