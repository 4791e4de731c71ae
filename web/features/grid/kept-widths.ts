import { isRecord } from "@/lib/problem";
import { widthWithin } from "./layout";

const PREFIX = "oryxforge-widths:";
/** In one browser; those that were not looked at for longest go first. */
export const MOST_SHEETS = 100;

export type Widths = ReadonlyMap<string, number>;

interface Kept {
  readonly seen: number;
  readonly widths: Widths;
}

/** The widths that a person gave the columns of a sheet in this browser. */
export function keptWidths(userId: string, sheetId: string): Widths {
  // A page that may not look into its storage has kept nothing.
  try {
    return read(keyOf(userId, sheetId)).widths;
  } catch {
    return new Map();
  }
}

/** Keeps widths, and that the sheet was looked at just now. */
export function keepWidths(userId: string, sheetId: string, widths: Widths, seen = Date.now()): void {
  // Where storage is full or shut, widths last as long as the page.
  try {
    localStorage.setItem(keyOf(userId, sheetId), JSON.stringify({ seen, widths: [...widths] }));
    forgetOldest();
  } catch {
    return;
  }
}

function keyOf(userId: string, sheetId: string): string {
  return `${PREFIX}${userId}:${sheetId}`;
}

function forgetOldest(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  if (keys.length <= MOST_SHEETS) return;
  const bySeen = keys.map((key) => ({ key, seen: read(key).seen })).toSorted((a, b) => a.seen - b.seen);
  for (const { key } of bySeen.slice(0, keys.length - MOST_SHEETS)) localStorage.removeItem(key);
}

function read(key: string): Kept {
  const told = parsed(localStorage.getItem(key));
  const [seen, widths] = [told["seen"], told["widths"]];
  return {
    seen: typeof seen === "number" ? seen : 0,
    widths: new Map(Array.isArray(widths) ? widths.filter(isWidth).map(([name, px]) => [name, widthWithin(px)]) : []),
  };
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isWidth(value: unknown): value is [string, number] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && Number.isFinite(value[1]);
}
