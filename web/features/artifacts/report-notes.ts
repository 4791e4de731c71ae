import { Marked, type Token, type Tokens } from "marked";

/** A place in a text that points to a note. */
export interface Mark {
  readonly label: string;
  readonly number: number;
  /** Where the note leads back to; null where an earlier mark of the note is. */
  readonly id: string | null;
}

export interface Note {
  readonly number: number;
  readonly text: string;
}

const NOTE = new RegExp(
  String.raw`^ {0,3}\[\^([^\]\s]+)\]:[^\n]*` +
    // Lines that go on: those that begin nothing of their own, and the indented ones after a blank line.
    String.raw`(?:\n(?! {0,3}(?:\[\^[^\]\s]+\]:|#{1,6}\s|[-*+>|]|\d+[.)]\s|` + "```|~~~" + String.raw`))[^\n]*\S[^\n]*|\n+(?: {4}|\t)[^\n]*)*(?:\n+|$)`,
);
const MARK = /^\[\^([^\]\s]+)\]/;

const reader = new Marked({
  extensions: [
    { name: "note", level: "block", start: (text) => /^ {0,3}\[\^[^\]\s]+\]:/m.exec(text)?.index, tokenizer: (text) => labelled("note", NOTE.exec(text)) },
    { name: "mark", level: "inline", start: (text) => text.indexOf("[^"), tokenizer: (text) => labelled("mark", MARK.exec(text)) },
  ],
});

function labelled(type: string, found: RegExpExecArray | null): Tokens.Generic | undefined {
  return found === null ? undefined : { type, raw: found[0], label: (found[1] ?? "").toLowerCase() };
}

/** The pieces of a Markdown text, those of the kind "note" among them. */
export function read(markdown: string): readonly Token[] {
  return reader.lexer(markdown);
}

/** Numbers the notes of a text as they are first marked. */
export class Notes {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #order: string[] = [];

  constructor(tokens: readonly Token[]) {
    this.#texts = new Map(tokens.filter((token) => token.type === "note").map((token) => [labelOf(token), wordsOf(token)]));
  }

  /** The marks that stand in these pieces, each note once. */
  marksIn(tokens: readonly Token[]): readonly Mark[] {
    const labels = new Set<string>();
    reader.walkTokens([...tokens], (token) => {
      if (token.type === "mark") labels.add(labelOf(token));
    });
    return [...labels].filter((label) => this.#texts.has(label)).map((label) => this.#mark(label));
  }

  /** Every note that is marked, in order; a note may mark further ones. */
  all(): readonly (Note & { readonly marks: readonly Mark[] })[] {
    const notes: (Note & { marks: readonly Mark[] })[] = [];
    for (const label of this.#order) {
      const number = notes.length + 1;
      const tokens = read(this.#texts.get(label) ?? "");
      const words = tokens.map(({ raw }) => raw).join("").trimEnd();
      const gap = tokens.at(-1)?.type === "paragraph" ? " " : "\n\n";
      notes.push({ number, text: `${words}${gap}[↩ back](#noted-${number})`, marks: this.marksIn(tokens) });
    }
    return notes;
  }

  #mark(label: string): Mark {
    const known = this.#order.indexOf(label) + 1;
    const number = known || this.#order.push(label);
    return { label, number, id: known ? null : `noted-${number}` };
  }
}

function labelOf(token: Token): string {
  return String((token as Tokens.Generic)["label"]);
}

function wordsOf({ raw }: Token): string {
  return raw.replace(/^ {0,3}\[\^[^\]\s]+\]:[ \t]*/, "").replace(/^(?: {4}|\t)/gm, "").trim();
}

/** A text with stubs of the notes that it marks: without them its marks are no marks to Markdown. */
export function withStubs(text: string, marks: readonly Mark[]): string {
  return [text, ...marks.map(({ label }) => `[^${label}]: .`)].join("\n\n");
}

interface Tree {
  type: string;
  identifier?: string;
  children?: Tree[];
  data?: unknown;
}

/** A remark plugin: marks become raised numbers that lead to the notes, wherever those stand. */
export function numbered(marks: readonly Mark[]): () => (tree: Tree) => void {
  return () => (tree) => {
    const met = new Set<string>();
    const visit = (node: Tree): void => {
      const mark = node.type === "footnoteReference" ? marks.find(({ label }) => label === node.identifier) : undefined;
      if (mark !== undefined) {
        // Of its own kind Markdown would number the notes of this piece, and list them below it.
        node.type = "noteMark";
        node.data = raised(mark, met.has(mark.label));
        met.add(mark.label);
      }
      node.children?.forEach(visit);
    };
    visit(tree);
  };
}

function raised({ number, id }: Mark, again: boolean): unknown {
  const link = { type: "element", tagName: "a", properties: { href: `#note-${number}` }, children: [{ type: "text", value: String(number) }] };
  return { hName: "sup", hProperties: id === null || again ? {} : { id }, hChildren: [link] };
}
