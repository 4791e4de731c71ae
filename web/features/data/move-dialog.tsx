"use client";

import { Folder } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { useChangeSheet, useDatasets, type Sheet } from "@/features/sheets";
import { saying } from "@/lib/problem";
import { renamedAddress } from "./address";
import { askFor } from "./ask";

/** Asks which dataset a sheet is to stand in. */
export function MoveDialog({ sheet, onClose }: { sheet: Sheet; onClose: () => void }) {
  const router = useRouter();
  const datasets = useDatasets(sheet.project_id);
  const change = useChangeSheet(sheet);
  const others = datasets.data?.filter((dataset) => dataset.id !== sheet.dataset_id);
  const move = (datasetId: string) =>
    change.mutate(
      { dataset_id: datasetId },
      {
        onSuccess: (now) => {
          const address = renamedAddress(location.search, sheet.address, now.address);
          if (address !== null) router.replace(address, { scroll: false });
          onClose();
        },
      },
    );
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
                busy={change.isPending && change.variables.dataset_id === dataset.id}
                disabled={change.isPending}
                onClick={() => move(dataset.id)}
              >
                <Folder aria-hidden className="size-4 shrink-0 text-soft" />
                <span className="truncate">{dataset.name}</span>
              </Button>
            </li>
          ))}
        </ul>
        {change.isError && (
          <p role="alert" className="text-sm text-bad">
            {saying(change.error)}
          </p>
        )}
        <Button look="quiet" className="justify-self-start" onClick={() => askFor({ what: "new-dataset" })}>
          New dataset
        </Button>
      </div>
    </Dialog>
  );
}
