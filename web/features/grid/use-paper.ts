"use client";

import { useEffect, useState } from "react";
import { usePrinting } from "@/lib/printing";
import type { Pages, Row } from "./pages";
import { narrows, shownColumns, type Column, type View } from "./view";

export const MOST_PRINTED = 1000;
/** What is in sight comes first. */
const REST_MS = 400;

/** The first rows of a view, for a printed page. */
export interface PaperRows {
  readonly headers: readonly string[];
  readonly types: readonly string[];
  readonly data: readonly Row[];
  readonly total: number;
  /** Whether filters or a search leave out others. */
  readonly isNarrowed: boolean;
}

interface Printed {
  readonly pages: Pages;
  readonly columns: readonly Column[];
  readonly view: View;
  /** Null until the first page is there. */
  readonly total: number | null;
}

/** What paper shows of a sheet, while the page is printed; asked for ahead, as a browser that prints waits for nobody. */
export function usePaper({ pages, columns, view, total }: Printed, isWanted: boolean): PaperRows | null {
  const isPrinting = usePrinting();
  const [ahead, setAhead] = useState<{ readonly of: Pages; readonly rows: readonly Row[] } | null>(null);
  useEffect(() => {
    if (!isWanted || total === null) return undefined;
    const request = new AbortController();
    const keep = (rows: readonly Row[]) => setAhead({ of: pages, rows });
    const timer = setTimeout(
      // Where they don't come, those that are here are printed, and it is said how many they are.
      () => void pages.rows(0, Math.min(MOST_PRINTED, total), request.signal).then(keep, () => setAhead(null)),
      REST_MS,
    );
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [pages, total, isWanted]);
  if (!isPrinting || !isWanted || total === null) return null;
  const rows = ahead?.of === pages ? ahead.rows : firstHere(pages, Math.min(MOST_PRINTED, total));
  return paperOf(columns, view, rows, total);
}

/** The rows from the first on that are here, up to one that is not. */
export function firstHere(pages: Pick<Pages, "row">, most: number): readonly Row[] {
  const rows: Row[] = [];
  for (let row = pages.row(0); row !== undefined && rows.length < most; row = pages.row(rows.length)) rows.push(row);
  return rows;
}

/** Rows in the columns of a view. */
export function paperOf(columns: readonly Column[], view: View, rows: readonly Row[], total: number): PaperRows {
  const shown = shownColumns(columns, view);
  const places = shown.map(({ name }) => columns.findIndex((column) => column.name === name));
  return {
    headers: shown.map(({ name }) => name),
    types: shown.map(({ type }) => type),
    data: rows.map((row) => places.map((at) => row[at])),
    total,
    isNarrowed: narrows(view),
  };
}
