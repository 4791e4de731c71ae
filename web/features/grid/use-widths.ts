"use client";

import { useCallback, useEffect, useState } from "react";
import { useUser } from "@/features/session";
import { keepWidths, keptWidths, type Widths } from "./kept-widths";

/** The widths that a person gave the columns of a sheet: they last over reloads, in this browser. */
export function useWidths(sheetId: string): readonly [Widths, (name: string, width: number) => void] {
  const { id } = useUser();
  const [widths, setWidths] = useState(() => keptWidths(id, sheetId));
  useEffect(() => {
    if (widths.size > 0) keepWidths(id, sheetId, widths);
  }, [id, sheetId, widths]);
  const setWidth = useCallback((name: string, width: number) => setWidths((old) => new Map(old).set(name, width)), []);
  return [widths, setWidth];
}
