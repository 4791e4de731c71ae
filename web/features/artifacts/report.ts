import { marked, type Token } from "marked";

export interface Heading {
  readonly kind: "heading";
  /** 1 for the highest that the report has. */
  readonly level: number;
  readonly text: string;
  readonly id: string;
}

/** A report in pieces: headings, text, and sheets that are shown in it. */
export type Part =
  | Heading
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "sheet"; readonly title: string; readonly name: string };

const SHEET = /^!\[([^\]]*)\]\(sheet:([^)\s]+)\)\s*$/;

export function partsOf(markdown: string): readonly Part[] {
  const tokens = marked.lexer(markdown);
  const shared = tokens.filter((token) => token.type === "def").map((token) => token.raw);
  const used = [...new Set(tokens.flatMap((token) => (token.type === "heading" ? [Number(token.depth)] : [])))].sort();
  const parts: Part[] = [];
  let text = "";
  const flush = (): void => {
    const lines = text.replace(/^\n+|\n+$/g, "");
    if (lines !== "") parts.push({ kind: "text", text: [lines, ...shared].join(shared.length > 0 ? "\n\n" : "") });
    text = "";
  };
  for (const token of tokens) {
    const shown = token.type === "paragraph" ? SHEET.exec(token.raw.trim()) : null;
    if (token.type === "heading") {
      flush();
      const level = used.indexOf(Number(token.depth)) + 1;
      parts.push({ kind: "heading", level, text: plain(token), id: `part-${parts.length + 1}` });
    } else if (shown !== null) {
      flush();
      parts.push({ kind: "sheet", title: shown[1] ?? "", name: shown[2] ?? "" });
    } else if (token.type !== "def") text += token.raw;
  }
  flush();
  return parts;
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
