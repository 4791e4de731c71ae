import { decimalsOf, firstWidth, kindOf, type Kind } from "./kinds";
import type { Row } from "./pages";
import { edgesOf } from "./scale";
import { shownColumns, type Column, type View } from "./view";

export interface Placed {
  readonly name: string;
  readonly type: string;
  readonly kind: Kind;
  /** Its place in a row from the server. */
  readonly at: number;
  readonly width: number;
  /** How many its numbers are shown with; 0 leaves each as it is. */
  readonly decimals: number;
}

/** Columns where they stand, left to right. */
export interface Layout {
  readonly columns: readonly Placed[];
  /** Left edges after the row numbers, and the width of all. */
  readonly edges: readonly number[];
  /** How many of the columns stay where they are. */
  readonly frozen: number;
  /** The width of the row numbers. */
  readonly gutter: number;
  readonly width: number;
}

const DIGIT_PX = 8;
/** How far a key or a button sizes a column. */
export const STEP_PX = 24;
const LEAST_PX = 56;
const MOST_PX = 1200;

export function widthWithin(px: number): number {
  return Math.round(Math.min(MOST_PX, Math.max(LEAST_PX, px)));
}

export function layoutOf(
  columns: readonly Column[],
  view: View,
  widths: ReadonlyMap<string, number>,
  rows: number,
  decimals: ReadonlyMap<string, number> = new Map(),
): Layout {
  const at = new Map(columns.map((column, n) => [column.name, n]));
  const placed = shownColumns(columns, view).map((column) => ({
    ...column,
    kind: kindOf(column.type),
    at: at.get(column.name) ?? 0,
    width: widths.get(column.name) ?? firstWidth(column.name, column.type, []),
    decimals: decimals.get(column.name) ?? 0,
  }));
  const edges = edgesOf(placed.map((column) => column.width));
  const gutter = Math.max(44, rows.toLocaleString("en").length * DIGIT_PX + 20);
  const frozen = placed.filter((column) => view.frozen.includes(column.name)).length;
  return { columns: placed, edges, frozen, gutter, width: gutter + (edges.at(-1) ?? 0) };
}

/** Widths by what the first rows hold, for columns that nobody has sized. */
export function measured(
  columns: readonly Column[],
  rows: readonly Row[],
  sized: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const widths = new Map<string, number>();
  columns.forEach(({ name, type }, at) => {
    widths.set(name, sized.get(name) ?? firstWidth(name, type, rows.map((row) => row[at])));
  });
  return widths;
}

/** How many decimals the numbers of each column are shown with, by what the first rows hold. */
export function decimalsIn(columns: readonly Column[], rows: readonly Row[]): ReadonlyMap<string, number> {
  return new Map(columns.map(({ name, type }, at) => [name, decimalsOf(type, rows.map((row) => row[at]))]));
}
