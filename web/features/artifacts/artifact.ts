import { isFields, part, type Fields } from "./figure";

export type ArtifactType = "table" | "chart" | "report";

/** A sheet that a result was made from, at the version that was read. */
export interface SheetRead {
  readonly sheet: string;
  readonly sheetId: string;
  readonly version: number;
  readonly contentHash: string;
}

/** Code, engine and data versions of a result. */
export interface Provenance {
  readonly language: string;
  readonly code: string;
  readonly engine: string;
  readonly agent: string;
  readonly userId: string | null;
  readonly durationMs: number | null;
  readonly chatId: string | null;
  readonly reads: readonly SheetRead[];
}

export interface TableHead {
  readonly headers: readonly string[];
  readonly types: readonly string[];
  readonly data: readonly (readonly unknown[])[];
  readonly total: number;
}

/** What an answer produced, as its piece tells; `sheetId` is null where it was not kept. */
export interface Artifact {
  readonly type: ArtifactType;
  readonly title: string;
  readonly sheet: string | null;
  readonly sheetId: string | null;
  readonly table: TableHead | null;
  readonly chart: unknown;
  readonly text: string | null;
  readonly provenance: Provenance | null;
}

/** The artifact in a piece's metadata; null where it holds none. */
export function artifactOf(metadata: unknown): Artifact | null {
  if (!isFields(metadata)) return null;
  const type = metadata["type"];
  if (type !== "table" && type !== "chart" && type !== "report") return null;
  return {
    type,
    title: text(metadata["title"]) ?? "Untitled",
    sheet: text(metadata["sheet"]),
    sheetId: text(metadata["datasheet_id"]),
    table: tableOf(metadata["table"]),
    chart: metadata["chart"],
    text: text(metadata["text"]),
    provenance: provenanceOf(metadata),
  };
}

/** Of a piece's or a sheet's metadata. */
export function provenanceOf(metadata: unknown): Provenance | null {
  if (!isFields(metadata) || !isFields(metadata["provenance"])) return null;
  const given = part(metadata, "provenance");
  const reads = given["reads"];
  return {
    language: text(given["language"]) ?? text(given["kind"]) ?? "sql",
    code: text(given["code"]) ?? "",
    engine: text(given["engine"]) ?? "",
    agent: text(given["agent"]) ?? "",
    userId: text(given["user_id"]),
    durationMs: number(given["duration_ms"]),
    chatId: text(given["chat_id"]),
    reads: Array.isArray(reads) ? reads.filter(isFields).map(readOf) : [],
  };
}

function readOf(given: Fields): SheetRead {
  return {
    sheet: text(given["sheet"]) ?? "",
    sheetId: text(given["sheet_id"]) ?? "",
    version: number(given["version"]) ?? 0,
    contentHash: text(given["content_hash"]) ?? "",
  };
}

function tableOf(given: unknown): TableHead | null {
  if (!isFields(given) || !Array.isArray(given["headers"]) || !Array.isArray(given["data"])) return null;
  const data = given["data"].filter((row): row is unknown[] => Array.isArray(row));
  const types = given["types"];
  return {
    headers: given["headers"].map(String),
    types: Array.isArray(types) ? types.map(String) : [],
    data,
    total: number(given["total"]) ?? data.length,
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
