"use client";

import { toast } from "sonner";
import { saying } from "@/lib/problem";
import type { Layout } from "./layout";
import type { Pages, Row } from "./pages";
import { boxOf, sizeOf, type Selection } from "./selection";
import { tsvOf } from "./tsv";

export const MOST_COPIED = 500_000;
const ROWS_AT_ONCE = 5000;

/** Puts what is selected on the clipboard, rows that are not on the screen as well. */
export async function copySelection(pages: Pages, layout: Layout, selection: Selection): Promise<void> {
  const cells = sizeOf(selection);
  if (cells === 0) return;
  if (cells > MOST_COPIED) {
    toast.error(`That is ${count(cells)} cells. Up to ${count(MOST_COPIED)} can be copied; export takes all.`);
    return;
  }
  try {
    const text = textOf(pages, layout, selection);
    // Given as a promise, the clipboard waits: some browsers allow nothing once the key is up.
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((t) => new Blob([t], { type: "text/plain" })) })]);
    toast.success(cells === 1 ? "Cell copied." : `${count(cells)} cells copied.`, { id: "copied" });
  } catch (error) {
    toast.error(error instanceof TypeError ? "This browser lets no page copy here. Export instead." : saying(error));
  }
}

async function textOf(pages: Pages, layout: Layout, selection: Selection): Promise<string> {
  const { top, bottom, left, right } = boxOf(selection);
  const columns = layout.columns.slice(left, right + 1);
  const rows: Row[] = [];
  for (let first = top; first <= bottom; first += ROWS_AT_ONCE) {
    rows.push(...(await pages.rows(first, Math.min(bottom + 1, first + ROWS_AT_ONCE), new AbortController().signal)));
  }
  return tsvOf(rows, columns);
}

function count(n: number): string {
  return n.toLocaleString("en");
}
