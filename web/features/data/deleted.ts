import type { Dataset, Sheet } from "@/features/sheets";

/** What can be brought back. */
export type Deleted =
  | { readonly kind: "dataset"; readonly item: Dataset; readonly sheets: number }
  | { readonly kind: "sheet"; readonly item: Sheet };

/** What was deleted last comes first, a dataset before the sheets that went with it. */
export function deletedOf(datasets: readonly Dataset[], sheets: readonly Sheet[]): readonly Deleted[] {
  const wentWith = (dataset: Dataset) =>
    sheets.filter((sheet) => sheet.dataset_id === dataset.id && sheet.deleted_at === dataset.deleted_at).length;
  const all: readonly Deleted[] = [
    ...datasets.map((item) => ({ kind: "dataset" as const, item, sheets: wentWith(item) })),
    ...sheets.map((item) => ({ kind: "sheet" as const, item })),
  ];
  return all.toSorted((a, b) => when(b) - when(a));
}

function when({ item }: Deleted): number {
  return Date.parse(item.deleted_at ?? "") || 0;
}
