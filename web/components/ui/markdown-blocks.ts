import { marked } from "marked";
import remend from "remend";

export interface Block {
  readonly text: string;
  /** Of the heading that the block is; null where it is none. */
  readonly level: number | null;
}

export interface Blocks {
  readonly text: string;
  /** The text in pieces that can be drawn one by one; a change at the end leaves those before it as they are. */
  readonly blocks: readonly Block[];
}

export const NO_BLOCKS: Blocks = { text: "", blocks: [] };

// What these define may be used anywhere else in the text.
const SHARED = /^ {0,3}\[[^\]\n]+\]:/m;

/** Splits Markdown; of a text that has grown only the end is read again. */
export function grown(before: Blocks, text: string): Blocks {
  if (text === before.text) return before;
  if (SHARED.test(text)) return { text, blocks: [{ text, level: null }] };
  if (!text.startsWith(before.text)) return { text, blocks: split(text) };
  // Only the last block can become another one by what follows it.
  const kept = before.blocks.slice(0, -1);
  return { text, blocks: [...kept, ...split(text.slice(together(kept).length))] };
}

function split(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const token of marked.lexer(text)) {
    const last = blocks.at(-1);
    if (token.type === "space" && last) blocks[blocks.length - 1] = { ...last, text: last.text + token.raw };
    else blocks.push({ text: token.raw, level: token.type === "heading" ? Number(token["depth"]) : null });
  }
  // The lexer normalises line ends and tabs: where its pieces are not the text itself, it stays in one.
  return together(blocks) === text ? blocks : [{ text, level: null }];
}

function together(blocks: readonly Block[]): string {
  return blocks.map((block) => block.text).join("");
}

/** Closes what the end of a streamed text leaves open: bold, code, links. */
export function closed(block: string): string {
  return remend(block, { linkMode: "text-only", htmlTags: false });
}
