import type { Row } from "./pages";
import { wholeCell } from "./kinds";

/** Cells as spreadsheets take them from the clipboard. */
export function tsvOf(rows: readonly Row[], columns: readonly number[]): string {
  return rows.map((row) => columns.map((column) => field(row[column])).join("\t")).join("\n");
}

function field(value: unknown): string {
  const text = wholeCell(value);
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
