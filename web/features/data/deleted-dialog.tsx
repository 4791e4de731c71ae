"use client";

import { Folder } from "lucide-react";
import { useMemo } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import type { Project } from "@/features/projects";
import { useDeletedDatasets, useDeletedSheets, useRestoreDataset, useRestoreSheet } from "@/features/sheets";
import { longDate, sinceWhen } from "@/lib/dates";
import { saying } from "@/lib/problem";
import { many } from "@/lib/words";
import { deletedOf, type Deleted } from "./deleted";

/** What was deleted and can still be brought back. */
export function DeletedDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const datasets = useDeletedDatasets(project.id);
  const sheets = useDeletedSheets(project.id);
  const error = datasets.error ?? sheets.error;
  const again = () => void Promise.all([datasets.refetch(), sheets.refetch()]);
  const all = useMemo(() => datasets.data && sheets.data && deletedOf(datasets.data, sheets.data), [datasets.data, sheets.data]);
  return (
    <Dialog open onClose={onClose} title="Deleted datasets and sheets" description="They can be brought back for 30 days." className="max-w-xl">
      {!all && !error && <Skeleton className="h-32" />}
      {error && <Trouble error={error} again={again} />}
      {all?.length === 0 && <p className="text-soft">Nothing was deleted.</p>}
      {all && all.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-raised">
          {all.map((one) => (
            <DeletedLine key={one.item.id} one={one} project={project} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function DeletedLine({ one, project }: { one: Deleted; project: Project }) {
  const { name, deleted_at, kept_until } = one.item;
  const dataset = useRestoreDataset(project.id);
  const sheet = useRestoreSheet(project.id);
  const bringBack = async (): Promise<void> => {
    try {
      if (one.kind === "sheet") await sheet.mutateAsync(one.item.id);
      else await dataset.mutateAsync(one.item.id);
      toast.success(one.kind === "dataset" && one.sheets > 0 ? `${name} is back with ${many(one.sheets, "sheet")}.` : `${name} is back.`);
    } catch (error) {
      toast.error(saying(error));
    }
  };
  return (
    <li className="flex items-center gap-3 py-2 pr-2 pl-4">
      {one.kind === "dataset" && <Folder aria-hidden className="size-4 shrink-0 text-soft" />}
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">{name}</p>
        <p className="text-xs text-soft">
          {one.kind === "sheet" ? `From ${one.item.dataset_name_python}` : `A dataset with ${one.sheets === 0 ? "no sheet" : many(one.sheets, "sheet")}`}
          {deleted_at && <>, deleted {sinceWhen(deleted_at)}</>}
          {kept_until && <>, kept until {longDate(kept_until)}</>}
        </p>
      </div>
      <Button look="quiet" aria-label={`Bring back ${one.kind === "dataset" ? "the dataset " : ""}${name}`} busy={dataset.isPending || sheet.isPending} onClick={() => void bringBack()}>
        Bring back
      </Button>
    </li>
  );
}
