import type { Provenance, SheetRead } from "./artifact";

export interface Known {
  readonly id: string;
  readonly version: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A sheet that is no longer as it was read; `now` is its current version, null where the sheet is gone. */
export interface Behind {
  readonly read: SheetRead;
  readonly now: number | null;
}

/** What a result read and has changed since: another version that holds other bytes. */
export function behind({ reads }: Pick<Provenance, "reads">, sheets: readonly Known[]): readonly Behind[] {
  return reads.flatMap((read): Behind[] => {
    const sheet = sheets.find(({ id }) => id === read.sheetId);
    if (sheet === undefined) return [{ read, now: null }];
    const same = sheet.version === read.version || sheet.metadata["content_hash"] === read.contentHash;
    return same ? [] : [{ read, now: sheet.version }];
  });
}

/** “sales.Orders is at version 3 now; this was made from version 1.” */
export function behindWords({ read, now }: Behind): string {
  if (now === null) return `${read.sheet} is not here any more.`;
  return `${read.sheet} is at version ${now} now; this was made from version ${read.version}.`;
}
