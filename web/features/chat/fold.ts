import type { Row } from "@/lib/chat-feed.mjs";
import { itemOf, resultOf, type Item } from "./items";

export interface Folded {
  readonly items: readonly Item[];
  /** Up to which row it goes, and the first and the last of them: what comes after is added without reading all anew. */
  readonly count: number;
  readonly first: Row | null;
  readonly last: Row | null;
}

export const NOTHING: Folded = { items: [], count: 0, first: null, last: null };

/** The items of all rows from `start` on; those of `before` are kept where the rows only grew at their end. */
export function fold(before: Folded, rows: readonly Row[], start = 0): Folded {
  const grew = before.count > start && rows[start] === before.first && rows[before.count - 1] === before.last;
  const from = grew ? before : { ...NOTHING, count: start };
  if (grew && rows.length === from.count) return from;
  const items = [...from.items];
  for (const row of rows.slice(from.count)) add(items, row);
  return { items, count: rows.length, first: rows[start] ?? null, last: rows.at(-1) ?? null };
}

function add(items: Item[], row: Row): void {
  if (row.kind === "tool_result" && row.role !== "user") return close(items, row);
  const next = itemOf(row);
  if (next === null) return;
  const last = items.at(-1);
  if ((last?.kind === "said" || last?.kind === "thought") && next.kind === last.kind) {
    items[items.length - 1] = { ...last, text: last.text + next.text };
  } else items.push(next);
}

/** Gives a step its result; it stands in the same answer. */
function close(items: Item[], row: Row): void {
  const id = row.metadata["id"];
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (item === undefined || item.kind === "asked") return;
    if (item.kind === "step" && item.id === id) {
      items[at] = { ...item, result: resultOf(row) };
      return;
    }
  }
}

/** Where the answer that an item belongs to begins: just after its question. */
export function startOfAnswer(items: readonly Item[], at: number): number {
  let start = at;
  while (start > 0 && items[start - 1]?.kind !== "asked") start--;
  return start;
}

/** The text of the answer that ends at an item. */
export function answerText(items: readonly Item[], end: number): string {
  const texts = items.slice(startOfAnswer(items, end), end + 1).flatMap((i) => (i.kind === "said" ? [i.text.trim()] : []));
  return texts.join("\n\n");
}
