import type { Layout } from "./layout";
import type { Row } from "./pages";
import { boxOf, sizeOf, type Selection } from "./selection";

/** More cells than that are not added up while somebody still selects. */
const MOST_SUMMED = 50_000;

export interface Sums {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
}

/** The numbers in what is selected; null where there are not two, or not all of its rows are here. */
export function sumsOf(selection: Selection, layout: Layout, row: (index: number) => Row | undefined): Sums | null {
  if (sizeOf(selection) > MOST_SUMMED) return null;
  const { top, bottom, left, right } = boxOf(selection);
  const columns = layout.columns.slice(left, right + 1).filter((column) => column.kind === "number");
  if (columns.length === 0) return null;
  let [count, sum] = [0, 0];
  for (let index = top; index <= bottom; index++) {
    const cells = row(index);
    if (cells === undefined) return null;
    for (const { at } of columns) {
      const value = cells[at];
      if (value === null || value === undefined) continue;
      count += 1;
      sum += Number(value);
    }
  }
  return count > 1 && Number.isFinite(sum) ? { count, sum, mean: sum / count } : null;
}
