import type { Token } from "marked";
import { Notes, read, withStubs, type Mark, type Note } from "./report-notes";

export interface Heading {
  readonly kind: "heading";
  /** 1 for the highest that the report has. */
  readonly level: number;
  readonly text: string;
  readonly id: string;
  readonly marks: readonly Mark[];
}

export interface Text {
  readonly kind: "text";
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** A report in pieces: headings, text, sheets that are shown in it, and at its end the notes. */
export type Part =
  | Heading
  | Text
  | { readonly kind: "sheet"; readonly title: string; readonly name: string }
  | { readonly kind: "notes"; readonly notes: readonly (Note & Omit<Text, "kind">)[] };

const SHEET = /^!\[([^\]]*)\]\(sheet:([^)\s]+)\)\s*$/;

export function partsOf(markdown: string): readonly Part[] {
  const tokens = read(markdown);
  const notes = new Notes(tokens);
  const shared = tokens.filter((token) => token.type === "def").map((token) => token.raw);
  const used = [...new Set(tokens.flatMap((token) => (token.type === "heading" ? [Number(token.depth)] : [])))].sort();
  const whole = (text: string, marks: readonly Mark[]): string =>
    withStubs([text, ...shared].join(shared.length > 0 ? "\n\n" : ""), marks);
  const parts: Part[] = [];
  let held: Token[] = [];
  const flush = (): void => {
    const lines = held.map((token) => token.raw).join("").replace(/^\n+|\n+$/g, "");
    const marks = notes.marksIn(held);
    if (lines !== "") parts.push({ kind: "text", text: whole(lines, marks), marks });
    held = [];
  };
  for (const token of tokens) {
    const shown = token.type === "paragraph" ? SHEET.exec(token.raw.trim()) : null;
    if (token.type === "heading") {
      flush();
      const level = used.indexOf(Number(token.depth)) + 1;
      parts.push({ kind: "heading", level, text: plain(token), id: `part-${parts.length + 1}`, marks: notes.marksIn([token]) });
    } else if (shown !== null) {
      flush();
      parts.push({ kind: "sheet", title: shown[1] ?? "", name: shown[2] ?? "" });
    } else if (token.type !== "def" && token.type !== "note") held.push(token);
  }
  flush();
  const all = notes.all().map((note) => ({ ...note, text: whole(note.text, note.marks) }));
  return all.length > 0 ? [...parts, { kind: "notes", notes: all }] : parts;
}

export function headingsOf(parts: readonly Part[]): readonly Heading[] {
  return parts.filter((part) => part.kind === "heading");
}

/** A heading's words without its mark-up. */
function plain(token: Token): string {
  const inner: readonly Token[] = "tokens" in token && token.tokens ? token.tokens : [];
  if (inner.length > 0) return inner.map(plain).join("");
  return "text" in token ? unescaped(String(token.text)) : "";
}

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };

function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
