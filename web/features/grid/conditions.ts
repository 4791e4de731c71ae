import { kindOf, hasClock, type Kind } from "./kinds";
import type { Filter, Scalar } from "./view";

/** What a person can ask of a column; one of them may be two filters. */
export type Choice =
  | "contains" | "starts_with" | "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "between" | "in" | "is_null" | "not_null";

/** A condition as it stands in the form. */
export interface Form {
  readonly choice: Choice;
  readonly from: string;
  /** The other end, of `between`. */
  readonly to: string;
  /** The values of `in`. */
  readonly values: readonly Scalar[];
}

type Choices = readonly (readonly [Choice, string])[];

const EMPTY: Choices = [["is_null", "is empty"], ["not_null", "is not empty"]];
const CHOICES: Readonly<Record<Kind, Choices>> = {
  text: [["contains", "contains"], ["starts_with", "starts with"], ["eq", "is"], ["ne", "is not"], ["in", "is one of"], ...EMPTY],
  number: [["between", "is between"], ["eq", "is"], ["ne", "is not"], ["gt", "is more than"], ["gte", "is at least"], ["lt", "is less than"], ["lte", "is at most"], ["in", "is one of"], ...EMPTY],
  date: [["between", "is between"], ["eq", "is on"], ["lt", "is before"], ["gte", "is on or after"], ...EMPTY],
  time: [["between", "is between"], ["eq", "is"], ["lt", "is before"], ["gte", "is at or after"], ...EMPTY],
  boolean: [["eq", "is"], ...EMPTY],
  nested: [["contains", "contains"], ...EMPTY],
};

export function choicesOf(type: string): Choices {
  return CHOICES[kindOf(type)];
}

export function blankForm(type: string): Form {
  const kind = kindOf(type);
  return { choice: choicesOf(type)[0]?.[0] ?? "eq", from: kind === "boolean" ? "true" : "", to: "", values: [] };
}

/** What is asked, as filters; a text says what is wrong with it. */
export function filtersOf(column: string, type: string, form: Form): readonly Filter[] | string {
  const { choice } = form;
  if (choice === "is_null" || choice === "not_null") return [{ column, op: choice }];
  if (choice === "in") return form.values.length === 0 ? "Give a value." : listed(column, type, form.values);
  const kind = kindOf(type);
  const [from, to] = kind === "text" || kind === "nested" ? [form.from, form.to] : [form.from.trim(), form.to.trim()];
  if (choice === "between") return between(column, type, from, to);
  if (from === "" && choice !== "eq" && choice !== "ne") return "Give a value.";
  if (from === "" && kind !== "text") return "Give a value.";
  const bad = unfit(kind, from);
  if (bad !== null) return bad;
  if (hasClock(type) && choice === "eq") return [{ column, op: "gte", value: from }, { column, op: "lt", value: dayAfter(from) }];
  return [{ column, op: choice, value: kind === "boolean" ? from === "true" : from }];
}

function listed(column: string, type: string, values: readonly Scalar[]): readonly Filter[] | string {
  const bad = values.map((value) => (typeof value === "string" ? unfit(kindOf(type), value.trim()) : null)).find((one) => one !== null);
  return bad ?? [{ column, op: "in", value: values }];
}

function between(column: string, type: string, from: string, to: string): readonly Filter[] | string {
  const kind = kindOf(type);
  if (from === "" && to === "") return "Give at least one end.";
  const bad = (from && unfit(kind, from)) || (to && unfit(kind, to));
  if (bad) return bad;
  const isTurned = from !== "" && to !== "" && (kind === "number" ? Number(from) > Number(to) : from > to);
  if (isTurned) return "The first is after the second.";
  const low: readonly Filter[] = from === "" ? [] : [{ column, op: "gte", value: from }];
  if (to === "") return low;
  return [...low, hasClock(type) ? { column, op: "lt", value: dayAfter(to) } : { column, op: "lte", value: to }];
}

function unfit(kind: Kind, text: string): string | null {
  if (kind === "number" && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return `“${text}” is not a number; write it as 1234.5.`;
  return kind === "date" && !isDay(text) ? `“${text}” is not a date.` : null;
}

/** The form of filters that stand; a blank one where the form can't say them. */
export function formOf(type: string, filters: readonly Filter[]): Form {
  const blank = blankForm(type);
  const [first, second, ...more] = filters;
  if (first === undefined || more.length > 0) return blank;
  if (second !== undefined) return spanOf(type, first, second) ?? blank;
  if (first.op === "in") return isList(first.value) ? { ...blank, choice: "in", values: first.value } : blank;
  if (first.op === "is_null" || first.op === "not_null") return { ...blank, choice: first.op };
  if (isList(first.value) || first.value === undefined) return blank;
  const from = String(first.value ?? "");
  const isSaid = choicesOf(type).some(([choice]) => choice === first.op);
  if (kindOf(type) === "date" && !isDay(from)) return blank;
  if (isSaid) return { ...blank, choice: first.op, from };
  if (first.op === "lte") return { ...blank, choice: "between", to: from };
  return blank;
}

function spanOf(type: string, low: Filter, high: Filter): Form | null {
  if (low.op !== "gte" || isList(low.value) || isList(high.value)) return null;
  const [from, end] = [String(low.value), String(high.value)];
  const blank = blankForm(type);
  if (!hasClock(type)) return high.op === "lte" ? { ...blank, choice: "between", from, to: end } : null;
  if (high.op !== "lt" || !isDay(from) || !isDay(end)) return null;
  const to = dayAfter(end, -1);
  return to === from ? { ...blank, choice: "eq", from } : { ...blank, choice: "between", from, to };
}

const SIGNS: Partial<Record<Filter["op"], string>> = {
  eq: "is", ne: "is not", gt: ">", gte: "≥", lt: "<", lte: "≤", contains: "contains", starts_with: "starts with",
  is_null: "is empty", not_null: "is not empty",
};
const MOST_NAMED = 3;

/** Filters of one column in a few words, without its name: “from 5 to 10”, “contains “north””. */
export function conditionWords(type: string, filters: readonly Filter[]): string {
  const [first, second, ...more] = filters;
  if (first && second && more.length === 0) {
    const span = spanOf(type, first, second);
    if (span?.choice === "eq") return `on ${span.from}`;
    if (span) return `from ${span.from} to ${span.to}`;
    if (first.op === "gte" && second.op === "lt") return `from ${said(type, first.value)} to below ${said(type, second.value)}`;
  }
  return filters.map((filter) => oneInWords(type, filter)).join(" and ");
}

function oneInWords(type: string, { op, value }: Filter): string {
  if (isList(value)) {
    const named = value.slice(0, MOST_NAMED).map((one) => said(type, one)).join(", ");
    return `is ${named}${value.length > MOST_NAMED ? ` or ${value.length - MOST_NAMED} more` : ""}`;
  }
  const sign = kindOf(type) === "date" && op === "lt" ? "before" : SIGNS[op] ?? op;
  return op === "is_null" || op === "not_null" ? sign : `${sign} ${said(type, value)}`;
}

function said(type: string, value: Filter["value"]): string {
  if (value === null || value === undefined) return "empty";
  if (typeof value === "boolean") return value ? "yes" : "no";
  const kind = kindOf(type);
  return kind === "text" || kind === "nested" ? `“${String(value)}”` : String(value).replace("T", " ");
}

/** Takes a value into the ones that a column may have, or out of them. */
export function toggled(column: string, filters: readonly Filter[], value: Scalar): readonly Filter[] {
  const held = chosenValues(filters);
  const next = held.includes(value) ? held.filter((one) => one !== value) : [...held, value];
  const [only] = next;
  if (only === undefined) return [];
  if (next.length > 1) return [{ column, op: "in", value: next }];
  return only === null ? [{ column, op: "is_null" }] : [{ column, op: "eq", value: only }];
}

/** The values that a column is held to by its filters, where these name values. */
export function chosenValues(filters: readonly Filter[]): readonly Scalar[] {
  const [only, ...more] = filters;
  if (only === undefined || more.length > 0) return [];
  if (only.op === "is_null") return [null];
  if (only.op === "in" && isList(only.value)) return only.value;
  return only.op === "eq" && !isList(only.value) && only.value !== undefined ? [only.value] : [];
}

function isList(value: Filter["value"]): value is readonly Scalar[] {
  return Array.isArray(value);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function dayAfter(day: string, by = 1): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + by);
  return date.toISOString().slice(0, 10);
}
