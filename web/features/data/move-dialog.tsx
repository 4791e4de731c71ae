"use client";

import { Folder } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { useDatasets, type Sheet } from "@/features/sheets";
import { saying } from "@/lib/problem";
import { askFor } from "./ask";
import { useMoveSheet } from "./use-move-sheet";

/** Asks which dataset a sheet is to stand in. */
export function MoveDialog({ sheet, onClose }: { sheet: Sheet; onClose: () => void }) {
  const datasets = useDatasets(sheet.project_id);
  const { move, placing } = useMoveSheet();
  const [failed, setFailed] = useState<unknown>(null);
  const others = datasets.data?.filter((dataset) => dataset.id !== sheet.dataset_id);
  return (
    <Dialog open onClose={onClose} title={`Move ${sheet.name}`} description="Which dataset shall it stand in?">
      <div className="grid gap-3">
        {datasets.isError && <Trouble error={datasets.error} again={() => void datasets.refetch()} />}
        {datasets.isPending && <Skeleton className="h-24" />}
        {others?.length === 0 && <p className="text-sm text-soft">There is no other dataset yet.</p>}
        <ul className="grid gap-1">
          {others?.map((dataset) => (
            <li key={dataset.id}>
              <Button
                className="w-full justify-start!"
                busy={placing.isPending && placing.variables.datasetId === dataset.id}
                disabled={placing.isPending}
                onClick={() => void move(sheet, dataset).then(onClose, setFailed)}
              >
                <Folder aria-hidden className="size-4 shrink-0 text-soft" />
                <span className="truncate">{dataset.name}</span>
              </Button>
            </li>
          ))}
        </ul>
        {failed !== null && (
          <p role="alert" className="text-sm text-bad">
            {saying(failed)}
          </p>
        )}
        <Button look="quiet" className="justify-self-start" onClick={() => askFor({ what: "new-dataset" })}>
          New dataset
        </Button>
      </div>
    </Dialog>
  );
}
