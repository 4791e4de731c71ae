/** A sheet being named in a text: from its `@` to the caret. */
export interface Mention {
  readonly start: number;
  readonly query: string;
}

const NAMING = /(?:^|[\s("'`,;:])@([\p{L}\p{N}_.]*)$/u;

export function mentionAt(text: string, caret: number): Mention | null {
  const found = NAMING.exec(text.slice(0, caret));
  const query = found?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}

/** Names that fit what was typed: those that begin with it, then those with a word that does, then those that hold it. */
export function fitting(addresses: readonly string[], query: string, most = 8): string[] {
  const wanted = query.toLowerCase();
  const ranked = addresses.flatMap((address) => {
    const rank = rankOf(address, wanted);
    return rank === null ? [] : [{ address, rank }];
  });
  ranked.sort((a, b) => a.rank - b.rank || a.address.localeCompare(b.address));
  return ranked.slice(0, most).map((r) => r.address);
}

function rankOf(address: string, wanted: string): number | null {
  const name = address.toLowerCase();
  if (name.startsWith(wanted)) return 0;
  if (name.split(/[._]/).some((part) => part.startsWith(wanted))) return 1;
  return name.includes(wanted) ? 2 : null;
}

/** The text with the whole name in place of what was typed of it, and where the caret then stands. */
export function completed(text: string, mention: Mention, caret: number, address: string): { text: string; caret: number } {
  const rest = text.slice(caret);
  const named = `@${address}${/^\s/.test(rest) ? "" : " "}`;
  return { text: text.slice(0, mention.start) + named + rest, caret: mention.start + named.length + (/^\s/.test(rest) ? 1 : 0) };
}
