import { marked } from "marked";
import remend from "remend";

export interface Blocks {
  readonly text: string;
  /** The text in pieces that can be drawn one by one; a change at the end leaves those before it as they are. */
  readonly blocks: readonly string[];
}

export const NO_BLOCKS: Blocks = { text: "", blocks: [] };

// What these define may be used anywhere else in the text.
const SHARED = /^ {0,3}\[[^\]\n]+\]:/m;

/** Splits Markdown; of a text that has grown only the end is read again. */
export function grown(before: Blocks, text: string): Blocks {
  if (text === before.text) return before;
  if (SHARED.test(text)) return { text, blocks: [text] };
  if (!text.startsWith(before.text)) return { text, blocks: split(text) };
  // Only the last block can become another one by what follows it.
  const kept = before.blocks.slice(0, -1);
  const start = kept.reduce((length, block) => length + block.length, 0);
  return { text, blocks: [...kept, ...split(text.slice(start))] };
}

function split(text: string): string[] {
  const blocks: string[] = [];
  for (const { type, raw } of marked.lexer(text)) {
    if (type === "space" && blocks.length > 0) blocks[blocks.length - 1] += raw;
    else blocks.push(raw);
  }
  // The lexer normalises line ends and tabs: where its pieces are not the text itself, it stays in one.
  return blocks.join("") === text ? blocks : [text];
}

/** Closes what the end of a streamed text leaves open: bold, code, links. */
export function closed(block: string): string {
  return remend(block, { linkMode: "text-only", htmlTags: false });
}
