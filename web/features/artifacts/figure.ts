import { isRecord } from "@/lib/problem";

export type Fields = Readonly<Record<string, unknown>>;

/** A Plotly figure as it is kept: traces and a layout, none of it trusted. */
export interface Figure {
  readonly data: readonly Fields[];
  readonly layout: Fields;
}

/** The figure in what an agent or the API gave; null for what is none. */
export function figureOf(raw: unknown): Figure | null {
  if (!isRecord(raw) || !Array.isArray(raw["data"])) return null;
  const layout = raw["layout"];
  return { data: raw["data"].filter(isFields), layout: isFields(layout) ? layout : {} };
}

export function isFields(value: unknown): value is Fields {
  return isRecord(value) && !Array.isArray(value);
}

/** Part of a record, itself a record; empty where there is none. */
export function part(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isFields(value) ? value : {};
}

export function traceType(trace: Fields): string {
  const type = trace["type"];
  return typeof type === "string" ? (type === "scattergl" ? "scatter" : type) : "scatter";
}

/** A trace's values under a name; numbers packed as base64 (Plotly's `bdata`) are unpacked. */
export function values(trace: Fields, name: string): readonly unknown[] {
  const value = trace[name];
  return Array.isArray(value) ? value : (unpacked(value) ?? []);
}

export function nameOf(trace: Fields): string {
  const name = trace["name"];
  return typeof name === "string" || typeof name === "number" ? plainText(String(name)) : "";
}

/** The text of a title, which Plotly takes bare or as a record; without mark-up. */
export function titleText(holder: Fields): string {
  const title = holder["title"];
  const text = isFields(title) ? title["text"] : title;
  return typeof text === "string" ? plainText(text) : "";
}

export function plainText(text: string): string {
  return text
    .replace(/<br\s*\/?>/gi, " ")
    .replace(/<\/?[a-z][^>]*>/gi, "")
    .replace(/&lt;/g, "<")
    .replace(/&amp;/g, "&")
    .trim();
}

const UNPACK: Readonly<Record<string, (bytes: ArrayBuffer) => ArrayLike<number>>> = {
  f8: (b) => new Float64Array(b),
  f4: (b) => new Float32Array(b),
  i1: (b) => new Int8Array(b),
  u1: (b) => new Uint8Array(b),
  i2: (b) => new Int16Array(b),
  u2: (b) => new Uint16Array(b),
  i4: (b) => new Int32Array(b),
  u4: (b) => new Uint32Array(b),
};

/** Packed numbers as a list (a table's rows as lists of them); null for what is not packed. */
export function unpacked(value: unknown): readonly unknown[] | null {
  if (!isFields(value) || typeof value["bdata"] !== "string" || typeof value["dtype"] !== "string") return null;
  const unpack = UNPACK[value["dtype"].replace(/^[<|=]/, "")];
  if (unpack === undefined) return null;
  try {
    const flat = Array.from(unpack(Uint8Array.from(atob(value["bdata"]), (c) => c.charCodeAt(0)).buffer));
    const across = Number(String(value["shape"] ?? "").split(",")[1] ?? 0);
    return across > 0 ? rowsOf(flat, across) : flat;
  } catch {
    return [];
  }
}

function rowsOf(flat: readonly number[], across: number): number[][] {
  return Array.from({ length: Math.floor(flat.length / across) }, (_, n) => flat.slice(n * across, (n + 1) * across));
}
