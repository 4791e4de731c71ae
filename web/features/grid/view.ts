import type { Schemas } from "@/lib/api-types";
import { isRecord } from "@/lib/problem";

export interface Column {
  readonly name: string;
  /** As the SQL engine spells it: VARCHAR, BIGINT, DECIMAL(18,2) … */
  readonly type: string;
}

export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

export type Operator = Schemas["FilterBody"]["op"];
export type Scalar = string | number | boolean | null;

export interface Filter {
  readonly column: string;
  readonly op: Operator;
  readonly value?: Scalar | readonly Scalar[];
}

/** How a sheet is looked at: which rows in which order, and which columns where. */
export interface View {
  readonly sort: readonly SortKey[];
  readonly filters: readonly Filter[];
  readonly search: string;
  readonly hidden: readonly string[];
  readonly frozen: readonly string[];
  /** Columns that were moved stand here, in their order, before the others. */
  readonly order: readonly string[];
}

export const PLAIN: View = { sort: [], filters: [], search: "", hidden: [], frozen: [], order: [] };

export function narrows(view: View): boolean {
  return view.filters.length > 0 || view.search !== "";
}

/** What a request needs of a view. */
export function asked(view: View) {
  return {
    sort: view.sort.map((key) => ({ ...key })),
    filter: view.filters.map(({ column, op, value }) => ({
      column,
      op,
      value: value === undefined ? null : isList(value) ? [...value] : value,
    })),
    search: view.search,
  };
}

/** Which rows are meant, and in which order; views that differ in nothing else have the same. */
export function rowsKey(view: View): string {
  return JSON.stringify(asked(view));
}

/** Not sorted, ascending, descending, and round again; `adding` keeps the other keys. */
export function sortedBy(view: View, column: string, adding: boolean): View {
  const now = view.sort.find((key) => key.column === column);
  const others = adding ? view.sort.filter((key) => key.column !== column) : [];
  if (now?.descending) return { ...view, sort: others };
  const next = { column, descending: now !== undefined };
  if (adding && now) return { ...view, sort: view.sort.map((key) => (key === now ? next : key)) };
  return { ...view, sort: [...others, next] };
}

export function withSort(view: View, column: string, descending: boolean | null): View {
  const others = view.sort.filter((key) => key.column !== column);
  return { ...view, sort: descending === null ? others : [{ column, descending }, ...others] };
}

/** Puts filters in the place of those that a column had. */
export function withFilters(view: View, column: string, filters: readonly Filter[]): View {
  return { ...view, filters: [...view.filters.filter((f) => f.column !== column), ...filters] };
}

/** The view without the filters of a column. */
export function without(view: View, column: string): View {
  return { ...view, filters: view.filters.filter((filter) => filter.column !== column) };
}

export function withMember(list: readonly string[], name: string, held: boolean): readonly string[] {
  const others = list.filter((other) => other !== name);
  return held ? [...others, name] : others;
}

/** Columns as they stand: frozen ones first, hidden ones among the others. */
export function inOrder(columns: readonly Column[], view: View): readonly Column[] {
  const named = new Map(columns.map((column) => [column.name, column]));
  const moved = view.order.flatMap((name) => named.get(name) ?? []);
  const isMoved = new Set(moved);
  const all = [...moved, ...columns.filter((column) => !isMoved.has(column))];
  const isFrozen = (column: Column) => view.frozen.includes(column.name);
  return [...all.filter(isFrozen), ...all.filter((column) => !isFrozen(column))];
}

export function shownColumns(columns: readonly Column[], view: View): readonly Column[] {
  return inOrder(columns, view).filter((column) => !view.hidden.includes(column.name));
}

/** Moves a column by one place among those shown. */
export function moved(columns: readonly Column[], view: View, name: string, by: 1 | -1): View {
  const at = shownColumns(columns, view).findIndex((column) => column.name === name);
  return movedTo(columns, view, name, by > 0 ? at + 2 : at - 1);
}

/** Moves a column into a gap between those shown, 0 before the first; frozen ones stay before the others. */
export function movedTo(columns: readonly Column[], view: View, name: string, gap: number): View {
  const shown = shownColumns(columns, view).map((column) => column.name);
  const isFrozen = (one: string) => view.frozen.includes(one);
  const edge = shown.filter(isFrozen).length;
  const [first, last] = isFrozen(name) ? [0, edge] : [edge, shown.length];
  const at = shown.indexOf(name);
  const to = Math.min(last, Math.max(first, gap));
  const neighbour = shown[to > at ? to - 1 : to];
  if (at < 0 || neighbour === undefined || neighbour === name) return view;
  const others = inOrder(columns, view).map((column) => column.name).filter((one) => one !== name);
  return { ...view, order: others.toSpliced(others.indexOf(neighbour) + (to > at ? 1 : 0), 0, name) };
}

/** A view as a word of an address; nothing for the plain one. */
export function encoded(view: View): string | undefined {
  const parts = Object.entries(view).filter(([, value]: [string, string | readonly unknown[]]) => value.length > 0);
  return parts.length > 0 ? JSON.stringify(Object.fromEntries(parts)) : undefined;
}

/** The view of an address; what makes no sense in it is left out. */
export function decoded(text: string | null): View {
  const told = parsed(text);
  return {
    sort: list(told["sort"], isSortKey),
    filters: list(told["filters"], isFilter),
    search: typeof told["search"] === "string" ? told["search"] : "",
    hidden: list(told["hidden"], isText),
    frozen: list(told["frozen"], isText),
    order: list(told["order"], isText),
  };
}

function parsed(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function list<T>(value: unknown, is: (one: unknown) => one is T): readonly T[] {
  return Array.isArray(value) ? value.filter(is) : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isSortKey(value: unknown): value is SortKey {
  return isRecord(value) && isText(value["column"]) && typeof value["descending"] === "boolean";
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value);
}

const OPERATORS: ReadonlySet<string> = new Set<Operator>([
  "eq", "ne", "gt", "gte", "lt", "lte", "contains", "starts_with", "in", "is_null", "not_null",
]);

function isFilter(value: unknown): value is Filter {
  if (!isRecord(value) || !isText(value["column"]) || !isText(value["op"])) return false;
  const given = value["value"];
  const fits = given === undefined || isScalar(given) || (Array.isArray(given) && given.every(isScalar));
  return OPERATORS.has(value["op"]) && fits;
}
