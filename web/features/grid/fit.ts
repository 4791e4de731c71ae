import { cellText, kindOf, kindWord } from "./kinds";
import { widthWithin } from "./layout";
import type { Row } from "./pages";
import type { Column } from "./view";

/** How many pixels a text takes, in the looks that the grid has. */
export type Measure = (text: string, look: "cell" | "head" | "kind") => number;

/** The cell's own edges. */
const CELL_PX = 22;
/** The header's, the button of its panel, and the arrow of how it is sorted. */
const HEAD_PX = 50;
const ARROW_PX = 18;
/** No letter is wider; saves measuring what is short. */
const LETTER_PX = 28;

/** How wide a column has to be for its name, and for what it holds in these rows. */
export function fitting({ name, type }: Column, at: number, rows: readonly Row[], measure: Measure, decimals = 0): number {
  const kind = kindOf(type);
  // Such figures are all as wide as the widest.
  const isTabular = kind === "number" || kind === "date" || kind === "time";
  let widest = Math.max(measure(name, "head") + ARROW_PX, measure(kindWord(type), "kind")) + HEAD_PX;
  for (const row of rows) {
    const text = cellText(row[at], type, decimals);
    if (text.length * LETTER_PX + CELL_PX <= widest) continue;
    widest = Math.max(widest, measure(isTabular ? text.replaceAll(/\d/g, "0") : text, "cell") + CELL_PX);
  }
  return widthWithin(Math.ceil(widest));
}

/** Measures in the face and sizes that a grid is drawn in. */
export function rulerOf(grid: HTMLElement): Measure {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) throw new Error("This browser has no canvas to measure texts on.");
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const face = getComputedStyle(grid).fontFamily;
  const fonts = { cell: `${0.875 * rem}px ${face}`, head: `500 ${0.875 * rem}px ${face}`, kind: `${0.75 * rem}px ${face}` };
  return (text, look) => {
    context.font = fonts[look];
    return context.measureText(text).width;
  };
}
