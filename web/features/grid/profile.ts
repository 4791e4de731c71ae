import type { Schemas } from "@/lib/api-types";
import { kindOf } from "./kinds";
import type { Filter, Scalar } from "./view";

export type Profile = Schemas["ProfileOut"];
export type Bin = Schemas["BinOut"];
export type Fact = readonly [string, string];

/** The figures of a profile, in words. */
export function factsOf(profile: Profile, type: string): readonly Fact[] {
  const say = (value: unknown) => valueWords(value, type);
  const facts: (Fact | false)[] = [
    ["Rows", whole(profile.rows)],
    ["Missing", profile.missing === 0 ? "none" : `${whole(profile.missing)} (${share(profile.missing, profile.rows)})`],
    ["Distinct", `${profile.is_distinct_estimated ? "about " : ""}${whole(profile.distinct)}`],
    given(profile.minimum) && ["Minimum", say(profile.minimum)],
    given(profile.maximum) && ["Maximum", say(profile.maximum)],
    given(profile.mean) && ["Mean", rounded(profile.mean, type)],
    given(profile.median) && ["Median", rounded(profile.median, type)],
    quartered(profile) && ["Middle half", `${rounded(profile.quartiles?.[0], type)} to ${rounded(profile.quartiles?.[1], type)}`],
  ];
  return facts.filter((fact) => fact !== false);
}

function given(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function quartered({ quartiles }: Profile): boolean {
  return quartiles !== null && quartiles.length === 2 && quartiles.every(given);
}

/** A value as the panel shows it. */
export function valueWords(value: unknown, type: string): string {
  if (value === null || value === undefined) return "empty";
  if (value === "") return "“”";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (kindOf(type) === "number") return grouped(value);
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return kindOf(type) === "date" ? text.replace("T", " ").replace(/ 00:00:00$/, "") : text;
}

const PLACES = 6;

function rounded(value: unknown, type: string): string {
  const number = Number(value);
  if (kindOf(type) !== "number") return valueWords(value, type).replace(/\.\d+$/, "");
  return Math.abs(number) >= 1e15 ? grouped(value) : number.toLocaleString("en", { maximumSignificantDigits: Math.max(PLACES, digitsBefore(number)) });
}

function digitsBefore(number: number): number {
  return number === 0 ? 1 : Math.floor(Math.log10(Math.abs(number))) + 1;
}

/** Thousands apart, and every digit kept: numbers may come as texts, being longer than a number can hold. */
function grouped(value: unknown): string {
  const text = String(value);
  const [, sign = "", int = "", rest = ""] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  return int === "" ? text : `${sign}${int.replace(/\B(?=(\d{3})+$)/g, ",")}${rest}`;
}

function whole(n: number): string {
  return n.toLocaleString("en");
}

/** Part of a whole in percent; what is there is never 0 %, what is not all never 100 %. */
export function share(part: number, all: number): string {
  if (all === 0) return "0%";
  const percent = (part / all) * 100;
  if (part > 0 && percent < 0.1) return "<0.1%";
  if (part < all && percent > 99.9) return ">99.9%";
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)}%`;
}

/** The bars of a column; the last of times, which are as wide as days or months are, ends where the values do. */
export function binsOf({ bins, maximum }: Profile, type: string): readonly Bin[] {
  const last = bins.at(-1);
  const isTime = kindOf(type) === "date" || kindOf(type) === "time";
  return last && isTime && given(maximum) ? [...bins.slice(0, -1), { ...last, to: maximum }] : bins;
}

/** The filters that keep the rows of a bar. */
export function filtersOfBin(column: string, bins: readonly Bin[], n: number): readonly Filter[] {
  const bin = bins[n];
  if (bin === undefined) return [];
  const isLast = n === bins.length - 1;
  const [from, to] = [scalar(bin.from), scalar(bin.to)];
  if (from === to) return [{ column, op: "eq", value: from }];
  return [{ column, op: "gte", value: from }, { column, op: isLast ? "lte" : "lt", value: to }];
}

/** A value that a filter can hold; lists and structures can't be asked for. */
export function scalar(value: unknown): Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** How high each bar stands, of 1; what is there can be seen. */
export function heightsOf(bins: readonly Bin[]): readonly number[] {
  const most = Math.max(1, ...bins.map((bin) => bin.rows));
  return bins.map((bin) => (bin.rows === 0 ? 0 : Math.max(0.03, bin.rows / most)));
}
