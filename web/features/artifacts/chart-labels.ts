import { part, traceType, type Fields, type Figure } from "./figure";

export type Axis = "x" | "y";

/** What a letter takes of a drawing's width, in pixels at the size of its labels. */
const LETTER = 6.6;
const LINE = 15;
const TIMES_OR_NUMBERS = /^\s*(?:[+-]?[\d.,]+(?:e[+-]?\d+)?%?|\d{4}-\d{1,2}(?:-\d{1,2})?(?:[T ].*)?)\s*$/i;

/** The names along an axis, in the order of the data; null for an axis of numbers, dates, or names in groups. */
export function namesOn(figure: Figure, axis: Axis): readonly string[] | null {
  const type = part(figure.layout, `${axis}axis`)["type"];
  if (typeof type === "string" && type !== "category" && type !== "-") return null;
  const names = new Set<string>();
  for (const trace of figure.data) {
    const given = trace[axis];
    if (!Array.isArray(given)) continue;
    for (const value of given as unknown[]) {
      if (value === null || value === undefined) continue;
      if (typeof value !== "string") return null;
      names.add(value);
    }
  }
  if (names.size === 0 || (type !== "category" && [...names].every((name) => TIMES_OR_NUMBERS.test(name)))) return null;
  return [...names];
}

export function longest(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => name.length));
}

export function widthOf(names: readonly string[]): number {
  return longest(names) * LETTER;
}

export function lettersIn(pixels: number): number {
  return Math.max(6, Math.floor(pixels / LETTER));
}

export function linesIn(pixels: number): number {
  return Math.max(1, Math.floor(pixels / LINE));
}

/** Whether all names can stand level below an axis. */
export function standLevel(names: readonly string[], width: number): boolean {
  return names.length * (widthOf(names) + 10) <= width;
}

export function shortened(name: string, letters: number): string {
  return name.length <= letters ? name : `${name.slice(0, letters - 1).trimEnd()}…`;
}

/** A title in at most two lines, each of so many letters. */
export function wrapped(title: string, letters: number): string {
  if (title.length <= letters || title.includes("<")) return title;
  const at = title.lastIndexOf(" ", letters);
  if (at <= 0) return shortened(title, letters);
  return `${title.slice(0, at)}<br>${shortened(title.slice(at + 1), letters)}`;
}

/** Ticks of an axis with short names, as many as there is room for. */
export function ticksFor(figure: Figure, axis: Axis, room: { letters: number; most: number }): Fields {
  const names = namesOn(figure, axis) ?? [];
  const ordered = orderOf(figure, axis, names);
  const every = Math.ceil(names.length / room.most);
  const shown = (ordered ?? names).map((name, at) => ({ name, at })).filter(({ at }) => at % every === 0);
  // A tick that stands right on a name would give its short text to the words beside the pointer too.
  const beside = names.length / 4000;
  return {
    tickmode: "array",
    tickvals: shown.map(({ name, at }) => (ordered === null ? name : at + beside)),
    ticktext: shown.map(({ name }) => shortened(name, room.letters)),
  };
}

/** The names as the axis will order them; null where only the drawing knows. */
function orderOf(figure: Figure, axis: Axis, names: readonly string[]): readonly string[] | null {
  const given = part(figure.layout, `${axis}axis`);
  const [by, way] = String(given["categoryorder"] ?? (Array.isArray(given["categoryarray"]) ? "array" : "trace")).split(" ");
  switch (by) {
    case "trace":
      return names;
    case "array": {
      const first = Array.isArray(given["categoryarray"]) ? given["categoryarray"].map(String) : [];
      return [...new Set([...first, ...names])];
    }
    case "category":
      return turnedBy(way, [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    case "total": {
      const totals = totalsOf(figure, axis);
      return totals && turnedBy(way, [...names].sort((a, b) => (totals.get(a) ?? 0) - (totals.get(b) ?? 0)));
    }
    default:
      return null;
  }
}

function turnedBy(way: string | undefined, names: string[]): readonly string[] {
  return way === "descending" ? names.reverse() : names;
}

function totalsOf(figure: Figure, axis: Axis): ReadonlyMap<string, number> | null {
  const totals = new Map<string, number>();
  for (const trace of figure.data) {
    const [names, sizes] = [trace[axis], trace[axis === "x" ? "y" : "x"]];
    if (traceType(trace) !== "bar" || !Array.isArray(names) || !Array.isArray(sizes)) return null;
    names.forEach((name, at) => totals.set(String(name), (totals.get(String(name)) ?? 0) + Number(sizes[at] ?? 0)));
  }
  return totals;
}
