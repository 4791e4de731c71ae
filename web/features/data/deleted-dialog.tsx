"use client";

import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import type { Project } from "@/features/projects";
import { useDeletedSheets, useRestoreSheet } from "@/features/sheets";
import { longDate, sinceWhen } from "@/lib/dates";
import { saying } from "@/lib/problem";

/** What was deleted and can still be brought back. */
export function DeletedDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const deleted = useDeletedSheets(project.id);
  const restore = useRestoreSheet(project.id);
  return (
    <Dialog open onClose={onClose} title="Deleted sheets" description="They can be brought back for 30 days." className="max-w-xl">
      {deleted.isPending && <Skeleton className="h-32" />}
      {deleted.isError && <Trouble error={deleted.error} again={() => void deleted.refetch()} />}
      {deleted.data?.length === 0 && <p className="text-soft">Nothing was deleted.</p>}
      {deleted.data && deleted.data.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-raised">
          {deleted.data.map((sheet) => (
            <li key={sheet.id} className="flex items-center gap-3 py-2 pr-2 pl-4">
              <div className="min-w-0 flex-1">
                <p className="truncate text-sm font-medium">{sheet.name}</p>
                <p className="text-xs text-soft">
                  From {sheet.dataset_name_python}
                  {sheet.deleted_at && <>, deleted {sinceWhen(sheet.deleted_at)}</>}
                  {sheet.kept_until && <>, kept until {longDate(sheet.kept_until)}</>}
                </p>
              </div>
              <Button
                look="quiet"
                aria-label={`Bring back ${sheet.name}`}
                busy={restore.isPending && restore.variables === sheet.id}
                onClick={() =>
                  restore.mutate(sheet.id, {
                    onSuccess: (now) => toast.success(`${now.name} is back.`),
                    onError: (error) => toast.error(saying(error)),
                  })
                }
              >
                Bring back
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
