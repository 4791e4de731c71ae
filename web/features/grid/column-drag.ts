import { pull } from "@/lib/dragging";
import type { Layout } from "./layout";

/**
 * The gap between columns, 0 before the first, in which the one at `at` lands from `x` in the grid's window.
 * It stays on its own side of the last frozen column.
 */
export function gapAt(layout: Layout, at: number, x: number, scrolled: number): number {
  const { edges, gutter, frozen, columns } = layout;
  const isFrozen = at < frozen;
  const px = isFrozen ? x - gutter : Math.max(x, frozenPx(layout)) - gutter + scrolled;
  const middle = (column: number) => ((edges[column] ?? 0) + (edges[column + 1] ?? 0)) / 2;
  const last = isFrozen ? frozen : columns.length;
  let gap = isFrozen ? 0 : frozen;
  while (gap < last && middle(gap) < px) gap++;
  return gap;
}

/** Where in the grid's window a gap is. */
export function lineAt(layout: Layout, at: number, gap: number, scrolled: number): number {
  const px = layout.gutter + (layout.edges[gap] ?? 0);
  return at < layout.frozen ? px : Math.max(frozenPx(layout), px - scrolled);
}

/** How far the others scroll in this frame, so that a column can land out of sight too. */
export function pullAt(layout: Layout, at: number, x: number, width: number): number {
  return at < layout.frozen ? 0 : pull(x, frozenPx(layout), width);
}

function frozenPx({ gutter, edges, frozen }: Layout): number {
  return gutter + (edges[frozen] ?? 0);
}
