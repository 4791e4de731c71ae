"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";
import type { TableHead } from "./artifact";

export type Sheet = Schemas["SheetOut"];

export const sheetKey = (sheetId: string) => ["sheet", sheetId] as const;
const ROWS = 200;

export function useSheet(sheetId: string) {
  return useQuery({
    queryKey: sheetKey(sheetId),
    queryFn: ({ signal }) => api.get("/sheets/{sheet_id}", { path: { sheet_id: sheetId }, signal }),
  });
}

/** What a chart or a report holds: a figure, or Markdown. */
export function useDocument(sheet: Sheet) {
  return useQuery({
    queryKey: [...sheetKey(sheet.id), "document", sheet.version],
    queryFn: async ({ signal }): Promise<unknown> => {
      const answer = await api.raw("get", "/sheets/{sheet_id}/document", { path: { sheet_id: sheet.id }, signal });
      return sheet.type === "report" ? answer.text() : answer.json();
    },
    staleTime: Infinity,
  });
}

/** A table's first rows. */
export function useHead(sheet: Sheet) {
  return useQuery({
    queryKey: [...sheetKey(sheet.id), "head", sheet.version],
    queryFn: ({ signal }): Promise<TableHead> =>
      api.post("/data/query", {
        body: { project_id: sheet.project_id, name_python: sheet.address, offset: 0, limit: ROWS, sort: [], filter: [] },
        signal,
      }),
    staleTime: Infinity,
  });
}
