export type Kind = "text" | "number" | "date" | "time" | "boolean" | "nested";

const NUMBER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|BIGNUM|FLOAT|DOUBLE|DECIMAL(\(.*\))?)$/;

/** What a column's type means to a person. */
export function kindOf(type: string): Kind {
  if (type.endsWith("]") || /^(STRUCT|MAP|UNION|VARIANT)/.test(type)) return "nested";
  if (NUMBER.test(type)) return "number";
  if (type === "DATE" || type.startsWith("TIMESTAMP")) return "date";
  if (type.startsWith("TIME")) return "time";
  return type === "BOOLEAN" ? "boolean" : "text";
}

/** Whether dates of a type carry a time of day. */
export function hasClock(type: string): boolean {
  return type.startsWith("TIMESTAMP");
}

export function kindWord(type: string): string {
  const kind = kindOf(type);
  if (kind === "number") return /INT|BIGNUM/.test(type) ? "whole number" : "number";
  if (kind === "date") return hasClock(type) ? "date and time" : "date";
  if (kind === "boolean") return "yes or no";
  return kind === "nested" ? "list or structure" : type === "BLOB" ? "bytes" : kind;
}

const MOST_CHARS = 300;

/** A cell as it stands in the grid, on one line: what is longer than can be seen is cut. Null is shown by its own look. */
export function cellText(value: unknown, type: string, decimals = 0): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = wholeCell(value, type);
  if (text.length > MOST_CHARS) return `${text.slice(0, MOST_CHARS)}…`;
  return decimals > 0 ? withDecimals(text, decimals) : text;
}

/** A cell as it is copied and peeked at: every sign, and times as exports spell them. */
export function wholeCell(value: unknown, type: string): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return hasClock(type) ? text.replace("T", " ") : text;
}

const MOST_DECIMALS = 4;
const PLAIN_NUMBER = /^-?\d+(?:\.(\d+))?$/;

/** How many decimals numbers of a column get, so that their points stand below each other; 0 where they need too many. */
export function decimalsOf(type: string, cells: readonly unknown[]): number {
  if (kindOf(type) !== "number") return 0;
  const told = cells.filter((cell) => cell !== null && cell !== undefined).map((cell) => PLAIN_NUMBER.exec(String(cell)));
  const most = Math.max(0, ...told.map((number) => (number === null ? Infinity : (number[1] ?? "").length)));
  return most > MOST_DECIMALS ? 0 : most;
}

/** Zeros are added, no digit is ever left out. */
function withDecimals(text: string, decimals: number): string {
  const number = PLAIN_NUMBER.exec(text);
  if (number === null) return text;
  const own = number[1] ?? "";
  return own === "" ? `${text}.${"0".repeat(decimals)}` : text + "0".repeat(Math.max(0, decimals - own.length));
}

const CHAR_PX = 7.4;
const SMALL_CHAR_PX = 7.2;
const LEAST_PX = 84;
const MOST_PX = 320;
/** What stands beside the name: how it is sorted, and the button of the panel. */
const HEAD_PX = 62;
const KIND_PX = 50;
const PADDING_PX = 22;

/** How wide a column may first be: its name, and what its first cells hold. */
export function firstWidth(name: string, type: string, cells: readonly unknown[]): number {
  const decimals = decimalsOf(type, cells);
  const longest = cells.reduce<number>((most, cell) => Math.max(most, cellText(cell, type, decimals).length), hasClock(type) ? 19 : 0);
  const head = Math.max(name.length * CHAR_PX + HEAD_PX, kindWord(type).length * SMALL_CHAR_PX + KIND_PX);
  const wanted = Math.max(head, longest * CHAR_PX + PADDING_PX);
  return Math.round(Math.min(MOST_PX, Math.max(LEAST_PX, wanted)));
}
