import { isRecord } from "@/lib/problem";
import type { Row } from "@/lib/chat-feed.mjs";

/** What a chat shows, one thing below the other; `seq` is that of its first piece. */
export type Item = Asked | Said | Thought | Step | Made | Offer | Note;

export interface Asked {
  readonly kind: "asked";
  readonly seq: number;
  readonly text: string;
  readonly agent: string | null;
}
export interface Said {
  readonly kind: "said";
  readonly seq: number;
  readonly text: string;
}
export interface Thought {
  readonly kind: "thought";
  readonly seq: number;
  readonly text: string;
}
export interface Step {
  readonly kind: "step";
  readonly seq: number;
  readonly id: string;
  readonly tool: string;
  readonly input: Fields;
  /** Null while it is under way. */
  readonly result: StepResult | null;
}
export interface StepResult {
  readonly ok: boolean;
  readonly text: string;
  readonly ms: number;
  readonly table: Table | null;
}
export interface Made {
  readonly kind: "made";
  readonly seq: number;
  readonly title: string;
  readonly artifact: Fields;
}
export interface Offer {
  readonly kind: "offer";
  readonly seq: number;
  readonly text: string;
  readonly choices: readonly Choice[];
}
export interface Choice {
  readonly label: string;
  readonly prompt: string;
}
export interface Note {
  readonly kind: "note";
  readonly seq: number;
  readonly code: string;
  readonly text: string;
}
export interface Table {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly total: number;
}
export type Fields = Readonly<Record<string, unknown>>;

/** The item that a piece begins; null for one that only adds to another, or that says nothing. */
export function itemOf(row: Row): Item | null {
  const { seq, metadata } = row;
  if (row.role === "user") return { kind: "asked", seq, text: row.content, agent: word(metadata["agent"]) };
  switch (row.kind) {
    case "text":
      return row.content === "" ? null : { kind: "said", seq, text: row.content };
    case "thinking":
      return { kind: "thought", seq, text: text(metadata["text"]) };
    case "tool_use":
      return {
        kind: "step",
        seq,
        id: text(metadata["id"]),
        tool: text(metadata["tool"]),
        input: fields(metadata["input"]),
        result: null,
      };
    case "artifact":
      return { kind: "made", seq, title: text(metadata["title"]) || "Result", artifact: metadata };
    case "question":
      return { kind: "offer", seq, text: text(metadata["text"]), choices: list(metadata["choices"]).flatMap(choice) };
    case "notice":
      return text(metadata["text"]) === ""
        ? null
        : { kind: "note", seq, code: text(metadata["code"]), text: text(metadata["text"]) };
    default:
      return null;
  }
}

export function resultOf({ metadata }: Row): StepResult {
  return {
    ok: metadata["ok"] !== false,
    text: text(metadata["text"]),
    ms: number(metadata["duration_ms"]) ?? 0,
    table: tableOf(metadata["result"]),
  };
}

export function tableOf(value: unknown): Table | null {
  const { headers, data, total } = fields(value);
  if (!Array.isArray(headers) || !Array.isArray(data)) return null;
  const rows = data.filter((row): row is unknown[] => Array.isArray(row));
  return { headers: headers.map(String), rows, total: number(total) ?? rows.length };
}

function choice(value: unknown): Choice[] {
  const { label, prompt } = fields(value);
  const words = text(label) || text(prompt);
  return words === "" ? [] : [{ label: words, prompt: text(prompt) || words }];
}

function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
function word(value: unknown): string | null {
  return text(value) || null;
}
function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
