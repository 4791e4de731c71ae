import { isRecord } from "@/lib/problem";
import { many } from "@/lib/words";
import type { SheetReading } from "./queries";

const MOST_NAMED = 6;
const SAVE_IT = "Open the file in Excel or LibreOffice and save it, then bring it again.";

/** What formulas without a stored result leave empty in a sheet, and what to do; null where there are none. */
export function lostWords(found: unknown, isWhole: boolean): string | null {
  if (!isRecord(found) || typeof found["count"] !== "number") return null;
  const columns = pairs(found["columns"]).map(([name, count]) => `${name} (${count.toLocaleString("en")})`);
  const [out, heads] = [texts(found["left_out"]), texts(found["headers"])];
  const cells = many(found["count"], "cell");
  const told = [
    `${isWhole ? cells : `At least ${cells}`} of the file ${found["count"] === 1 ? "holds a formula" : "hold formulas"} whose result was never stored, and ${found["count"] === 1 ? "is" : "are"} empty here.`,
    columns.length > 0 && `By column: ${some(columns)}.`,
    heads.length > 0 && `In the header: ${some(heads)}.`,
    out.length > 0 && `Left out, as nothing else is there: ${out.length === 1 ? "column" : "columns"} ${some(out)}.`,
    SAVE_IT,
  ];
  return told.filter((words) => words !== false).join(" ");
}

/** Sheets of a file that come in with nothing, as they hold nothing but such formulas; null where there are none. */
export function lostSheetsWords(sheets: readonly Pick<SheetReading, "name" | "columns" | "detected">[]): string | null {
  const lost = sheets.filter((sheet) => sheet.columns.length === 0 && isRecord(sheet.detected["formulas_without_result"]));
  if (lost.length === 0) return null;
  const [hold, are] = lost.length === 1 ? ["holds", "is"] : ["hold", "are"];
  return `${some(lost.map(({ name }) => name))} ${hold} nothing but formulas whose results were never stored, and ${are} left out. ${SAVE_IT}`;
}

function some(words: readonly string[]): string {
  return `${words.slice(0, MOST_NAMED).join(", ")}${words.length > MOST_NAMED ? " …" : ""}`;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function pairs(value: unknown): readonly (readonly [string, number])[] {
  return Array.isArray(value) ? value.filter(isPair) : [];
}

function isPair(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number";
}
