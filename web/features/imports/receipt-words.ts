import { isRecord } from "@/lib/problem";
import { NOTHING_CHOSEN, type Choices, type SheetChoices } from "./choices";
import { delimiterWord, encodingWord } from "./kind-words";
import { lostWords } from "./lost-words";
import { many, number } from "@/lib/words";

type Facts = readonly (readonly [string, string])[];

export interface ColumnWords {
  readonly name: string;
  readonly type: string;
  readonly why: string;
}

/** What an import's receipt says, in words. */
export interface ReceiptWords {
  readonly facts: Facts;
  /** What was odd and how it was dealt with, with the lines it stands in. */
  readonly notes: readonly string[];
  readonly columns: readonly ColumnWords[];
}

export function receiptWords(receipt: Readonly<Record<string, unknown>>): ReceiptWords {
  return { facts: factsOf(receipt), notes: notesOf(receipt), columns: columnsOf(receipt["types"]) };
}

function factsOf(receipt: Readonly<Record<string, unknown>>): Facts {
  const rows = numberIn(receipt["rows"]) ?? 0;
  const rejects = numberIn(receipt["rejects"]) ?? 0;
  const header = numberIn(receipt["header_row"]);
  const facts: (readonly [string, string] | false)[] = [
    text(receipt["source"]) !== null && ["File", fileOf(receipt)],
    ["Rows", `${number(rows + rejects)} in the file = ${number(rows)} in the sheet + ${number(rejects)} rejected`],
    text(receipt["encoding"]) !== null && ["Encoding", encodingWord(text(receipt["encoding"]) ?? "")],
    text(receipt["delimiter"]) !== null && ["Delimiter", delimiterWord(text(receipt["delimiter"]) ?? "")],
    header !== null && ["Header row", header < 0 ? "None in the file" : number(header + 1)],
    text(receipt["decimal"]) !== null && ["Decimal sign", receipt["decimal"] === "," ? "Comma" : "Point"],
    datesOf(receipt) !== null && ["Dates such as 01/02", datesOf(receipt) === "day" ? "Day first, as you said" : "Month first, as you said"],
  ];
  return facts.filter((fact) => fact !== false);
}

function datesOf(receipt: Readonly<Record<string, unknown>>): string | null {
  return isRecord(receipt["settings"]) ? text(receipt["settings"]["dates"]) : null;
}

function fileOf(receipt: Readonly<Record<string, unknown>>): string {
  const sheet = receipt["source_type"] === "excel" ? `, sheet ${text(receipt["source_sheet"]) ?? ""}` : "";
  return `${text(receipt["source"]) ?? ""}${sheet}`;
}

function notesOf(receipt: Readonly<Record<string, unknown>>): readonly string[] {
  const above = texts(receipt["lines_above_header"]);
  const merged = numberIn(receipt["merged_cells"]);
  const asText = [...texts(receipt["columns_kept_as_text"])];
  const durations = texts(receipt["durations_as_text"]);
  return [
    lostWords(receipt["formulas_without_result"], true),
    above.length > 0 && `Left out above the header: ${above.slice(0, 5).map((line) => `“${line}”`).join(", ")}.`,
    merged !== null && merged > 0 && `${many(merged, "merged cell")}: the value stands in the first of its cells.`,
    odd(receipt["short_rows"], "had fewer cells than there are columns; the others stay empty"),
    odd(receipt["long_rows"], "had more cells than there are names; columns without a name were added for them"),
    odd(receipt["rows_with_wrong_quotes"], "had quotes that do not close; they were taken as they stand"),
    asText.length > 0 && `Kept as text, as their cells are of several kinds: ${asText.join(", ")}.`,
    durations.length > 0 && `Durations, kept as text: ${durations.join(", ")}.`,
  ].filter((note): note is string => typeof note === "string");
}

function odd(value: unknown, what: string): string | false {
  if (!isRecord(value)) return false;
  const count = numberIn(value["count"]) ?? 0;
  const lines = Array.isArray(value["lines"]) ? value["lines"].filter((n): n is number => typeof n === "number") : [];
  const shown = lines.slice(0, 20).map(number).join(", ");
  const more = count > 20 ? " and more" : "";
  return `${many(count, "row")} ${what} (line ${shown}${more}).`;
}

function columnsOf(value: unknown): readonly ColumnWords[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((column) => ({
    name: text(column["name"]) ?? "",
    type: text(column["type"]) ?? "",
    why: text(column["why"]) ?? "",
  }));
}

/** What an import chose, for doing it again with something else. */
export function choicesOf(receipt: Readonly<Record<string, unknown>>, target: string, datasetId: string): Choices {
  const settings = isRecord(receipt["settings"]) ? receipt["settings"] : {};
  const sheet = text(receipt["source_sheet"]) ?? "data";
  const own = isRecord(settings["sheets"]) ? Object.entries(settings["sheets"]) : [];
  const dates = settings["dates"];
  return {
    ...NOTHING_CHOSEN,
    delimiter: text(settings["delimiter"]),
    encoding: text(settings["encoding"]),
    decimal: text(settings["decimal"]),
    dates: dates === "day" || dates === "month" ? dates : null,
    sheets: new Map(own.flatMap(([name, kept]) => (isRecord(kept) ? [[name, sheetChoices(kept)]] : []))),
    targets: new Map([[sheet, { taken: true, name: target }]]),
    only: sheet,
    into: { kind: "old", id: datasetId },
  };
}

function sheetChoices(kept: Readonly<Record<string, unknown>>): SheetChoices {
  const types = isRecord(kept["types"]) ? Object.entries(kept["types"]) : [];
  return {
    header_row: numberIn(kept["header_row"]),
    types: new Map(types.filter((pair): pair is [string, string] => typeof pair[1] === "string")),
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function numberIn(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
