import type { Sheet } from "@/features/sheets";
import { isRecord } from "@/lib/problem";

/** A sheet that another was made from, at the version that was read. */
export interface Read {
  readonly id: string;
  readonly address: string;
  readonly version: number;
}

/** Why a sheet is not up to date: a source moved on, is gone, or is itself not up to date. */
export type Reason =
  | { readonly type: "newer"; readonly address: string; readonly read: number; readonly now: number }
  | { readonly type: "gone"; readonly address: string }
  | { readonly type: "waits"; readonly address: string };

export interface Node {
  readonly sheet: Sheet;
  readonly reads: readonly Read[];
  /** Made by code that can be run again. */
  readonly code: string | null;
  readonly language: string | null;
  readonly agent: string | null;
  readonly chatId: string | null;
  readonly stale: readonly Reason[];
}

/** Every sheet with what it was made from, sources before what hangs on them. */
export function nodesOf(sheets: readonly Sheet[]): readonly Node[] {
  const byId = new Map(sheets.map((sheet) => [sheet.id, sheet]));
  const done = new Map<string, Node>();
  const open = new Set<string>();

  function visit(sheet: Sheet): Node | null {
    const known = done.get(sheet.id);
    if (known !== undefined || open.has(sheet.id)) return known ?? null;
    open.add(sheet.id);
    const made = madeOf(sheet);
    const stale = made.reads.flatMap((read): Reason[] => {
      const source = byId.get(read.id);
      if (source === undefined) return [{ type: "gone", address: read.address }];
      const node = visit(source);
      if (source.version > read.version) {
        return [{ type: "newer", address: source.address, read: read.version, now: source.version }];
      }
      return node !== null && node.stale.length > 0 ? [{ type: "waits", address: source.address }] : [];
    });
    const node = { sheet, ...made, stale };
    done.set(sheet.id, node);
    return node;
  }

  for (const sheet of sheets) visit(sheet);
  return [...done.values()];
}

function madeOf(sheet: Sheet): Omit<Node, "sheet" | "stale"> {
  const told = sheet.metadata["provenance"];
  const made = isRecord(told) ? told : {};
  const reads = Array.isArray(made["reads"]) ? (made["reads"] as unknown[]).filter(isRecord) : [];
  return {
    // An edited sheet may read an earlier version of itself: that is its history, no edge.
    reads: reads
      .map((read) => ({ id: text(read["sheet_id"]) ?? "", address: text(read["sheet"]) ?? "", version: Number(read["version"]) }))
      .filter((read) => read.id !== sheet.id),
    code: text(made["code"]),
    language: text(made["language"]),
    agent: text(made["agent"]),
    chatId: text(made["chat_id"]),
  };
}

/** Those that are not up to date and can be made anew one after another, in that order. */
export function renewable(nodes: readonly Node[]): readonly Node[] {
  return nodes.filter(
    (node) => node.stale.length > 0 && node.language === "sql" && node.stale.every(({ type }) => type !== "gone"),
  );
}

/** A reason as a sentence. */
export function because(reason: Reason): string {
  switch (reason.type) {
    case "newer":
      return `${reason.address} is at version ${reason.now}; version ${reason.read} was read.`;
    case "gone":
      return `${reason.address} was deleted.`;
    case "waits":
      return `${reason.address}, which it was made from, is not up to date.`;
  }
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
