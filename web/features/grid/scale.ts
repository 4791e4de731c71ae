/** A scroll height that browsers can hold, standing for as many rows as there are. */
export const ROW_PX = 32;
export const HEAD_PX = 48;
const MOST_PX = 6_000_000;

export interface Scale {
  /** The height that is really scrolled. */
  readonly height: number;
  /** The height of all rows. */
  readonly whole: number;
  readonly port: number;
}

export function scaleOf(rows: number, port: number): Scale {
  const whole = rows * ROW_PX;
  return { whole, port, height: Math.max(Math.min(whole, MOST_PX), 0) };
}

/** How far one can scroll: really, and in rows. */
function spans({ height, whole, port }: Scale): { real: number; rows: number } {
  return { real: Math.max(height - port, 0), rows: Math.max(whole - port, 0) };
}

export function isScaled(scale: Scale): boolean {
  return scale.whole > scale.height;
}

/** Where in the rows a place of the scroll bar stands. */
export function topAt(scale: Scale, scrolled: number): number {
  const { real, rows } = spans(scale);
  return real === 0 ? 0 : Math.min(rows, Math.max(0, (scrolled / real) * rows));
}

/** Where the scroll bar has to stand for a place in the rows. */
export function scrolledTo(scale: Scale, top: number): number {
  const { real, rows } = spans(scale);
  return rows === 0 ? 0 : Math.round((Math.min(rows, Math.max(0, top)) / rows) * real);
}

/** The place in the rows after a scroll: a small one moves by pixels, a large one is a pull at the bar. */
export function topAfter(scale: Scale, top: number, before: number, after: number): number {
  if (!isScaled(scale)) return after;
  const { real, rows } = spans(scale);
  const step = after - before;
  if (Math.abs(step) > scale.port * 1.5) return topAt(scale, after);
  const next = Math.min(rows, Math.max(0, top + step));
  // At either end of the bar there is nothing left to scroll by.
  if (after <= 0 || after >= real) return Math.abs(next - topAt(scale, after)) < scale.port * 2 ? topAt(scale, after) : next;
  return next;
}

export interface Span {
  readonly first: number;
  /** After the last. */
  readonly end: number;
}

export function rowsIn(scale: Scale, top: number, rows: number, over: number): Span {
  const first = Math.max(0, Math.floor(top / ROW_PX) - over);
  return { first, end: Math.min(rows, Math.ceil((top + scale.port) / ROW_PX) + over) };
}

/** The left edge of each column, and after them the width of all. */
export function edgesOf(widths: readonly number[]): readonly number[] {
  const edges = [0];
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width);
  return edges;
}

/** Columns (after the frozen ones) that a stretch of the width shows. */
export function columnsIn(edges: readonly number[], frozen: number, left: number, port: number, over: number): Span {
  const start = left + (edges[frozen] ?? 0);
  const last = edges.length - 1;
  let first = frozen;
  while (first < last && (edges[first + 1] ?? 0) <= start) first++;
  let end = first;
  while (end < last && (edges[end] ?? 0) < left + port) end++;
  return { first: Math.max(frozen, first - over), end: Math.min(last, end + over) };
}
