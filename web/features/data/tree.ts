import type { Dataset, Sheet } from "@/features/sheets";

/** One line of the tree: a dataset, or a sheet below it. */
export type Line =
  | { readonly kind: "dataset"; readonly dataset: Dataset; readonly open: boolean; readonly count: number }
  | { readonly kind: "sheet"; readonly sheet: Sheet; readonly dataset: Dataset };

export const keyOf = (line: Line): string =>
  line.kind === "dataset" ? `dataset:${line.dataset.id}` : `sheet:${line.sheet.id}`;

/** Lines in sight: those below a closed dataset are not; a search opens all and keeps what it finds. */
export function linesOf(
  datasets: readonly Dataset[],
  sheets: readonly Sheet[],
  closed: ReadonlySet<string>,
  search: string,
): readonly Line[] {
  const wanted = search.trim().toLowerCase();
  const has = (name: string) => name.toLowerCase().includes(wanted);
  return datasets.flatMap((dataset): Line[] => {
    const all = sheets.filter((sheet) => sheet.dataset_id === dataset.id);
    const isNamed = has(dataset.name);
    const found = wanted === "" || isNamed ? all : all.filter((sheet) => has(sheet.name) || has(sheet.address));
    if (wanted !== "" && !isNamed && found.length === 0) return [];
    const open = wanted !== "" || !closed.has(dataset.id);
    const head: Line = { kind: "dataset", dataset, open, count: all.length };
    return [head, ...(open ? found.map((sheet): Line => ({ kind: "sheet", sheet, dataset })) : [])];
  });
}

export type Move = { readonly to: number } | { readonly fold: string; readonly open: boolean } | null;

/** What a key does on a line of the tree. */
export function moveOf(lines: readonly Line[], at: number, key: string): Move {
  const line = lines[at];
  if (line === undefined) return null;
  const last = lines.length - 1;
  switch (key) {
    case "ArrowDown":
      return { to: Math.min(last, at + 1) };
    case "ArrowUp":
      return { to: Math.max(0, at - 1) };
    case "Home":
      return { to: 0 };
    case "End":
      return { to: last };
    case "ArrowRight":
      if (line.kind === "sheet") return null;
      return line.open ? { to: Math.min(last, at + 1) } : { fold: line.dataset.id, open: true };
    case "ArrowLeft":
      if (line.kind === "dataset") return line.open ? { fold: line.dataset.id, open: false } : null;
      return { to: lines.findIndex((one) => one.kind === "dataset" && one.dataset.id === line.dataset.id) };
    default:
      return null;
  }
}
