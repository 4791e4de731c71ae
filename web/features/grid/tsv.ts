import { kindOf, wholeCell } from "./kinds";
import type { Row } from "./pages";

interface Copied {
  readonly type: string;
  /** Its place in a row. */
  readonly at: number;
}

/** Cells as spreadsheets take them from the clipboard. */
export function tsvOf(rows: readonly Row[], columns: readonly Copied[]): string {
  return rows.map((row) => columns.map(({ at, type }) => field(row[at], type)).join("\t")).join("\n");
}

/** What begins a formula, in East Asian editions too, or is skipped before it. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;
const NUMBER = /^[+-]?[\d.,\t-\r ]*\d[\d.,\t-\r ]*([eE][+-]?\d+)?%?$/;
const HARMLESS: ReadonlySet<string> = new Set(["UUID", "INTERVAL"]);

function field(value: unknown, type: string): string {
  const whole = wholeCell(value, type);
  const text = mayRun(type) && FORMULA.test(whole) && !NUMBER.test(whole) ? `'${whole}` : whole;
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether a column may hold what a spreadsheet would run: as exports see it, texts do, and numbers, times and structures don't. */
function mayRun(type: string): boolean {
  return kindOf(type) === "text" && !HARMLESS.has(type);
}
