"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { usePlaceSheet, type Dataset, type Sheet } from "@/features/sheets";
import { saying } from "@/lib/problem";
import { UNDO_MS } from "@/lib/undo";
import { renamedAddress } from "./address";

/** Moves sheets to other datasets, and back; the address follows the one that is looked at. `move` rejects where it can't. */
export function useMoveSheet() {
  const router = useRouter();
  const placing = usePlaceSheet();
  const place = async (sheet: Sheet, datasetId: string): Promise<Sheet> => {
    const now = await placing.mutateAsync({ sheet, datasetId });
    const address = renamedAddress(location.search, sheet.address, now.address);
    if (address !== null) router.replace(address, { scroll: false });
    return now;
  };
  const move = async (sheet: Sheet, { id, name }: Dataset): Promise<void> => {
    const now = await place(sheet, id);
    toast(`${sheet.name} is in ${name} now.`, {
      id: `moved:${sheet.id}`,
      duration: UNDO_MS,
      action: { label: "Undo", onClick: () => void place(now, sheet.dataset_id).catch(told) },
    });
  };
  return { placing, move };
}

export function told(error: unknown): void {
  toast.error(saying(error));
}
