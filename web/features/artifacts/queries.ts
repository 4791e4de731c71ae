"use client";

import { useMutation, useQuery, useQueryClient, type Query } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import { sheetKey, versionMoved, type Sheet } from "@/features/sheets";
import type { Schemas } from "@/lib/api-types";
import type { TableHead } from "./artifact";
import type { Figure } from "./figure";

export type { Sheet } from "@/features/sheets";
export type Version = Schemas["VersionOut"];
export type Ran = Schemas["RanOut"];

export function useSheet(sheetId: string) {
  return useQuery({
    queryKey: sheetKey(sheetId),
    queryFn: ({ signal }) => api.get("/sheets/{sheet_id}", { path: { sheet_id: sheetId }, signal }),
  });
}

/** What a version of a chart or a report holds: a figure, or Markdown. */
export function useDocument(sheet: Sheet, version: number) {
  return useQuery({
    queryKey: [...sheetKey(sheet.id), "document", version],
    queryFn: async ({ signal }): Promise<unknown> => {
      const asked = { path: { sheet_id: sheet.id }, query: { version }, signal };
      const answer = await api.raw("get", "/sheets/{sheet_id}/document", asked);
      return sheet.type === "report" ? answer.text() : answer.json();
    },
    staleTime: Infinity,
  });
}

/** The first rows of a version of a table. */
export function useHead(sheet: Sheet, version: number, rows: number, enabled = true) {
  return useQuery({
    enabled,
    queryKey: [...sheetKey(sheet.id), "head", version, rows],
    queryFn: ({ signal }): Promise<TableHead> =>
      api.post("/data/query", {
        body: { project_id: sheet.project_id, name_python: sheet.address, version, offset: 0, limit: rows, sort: [], filter: [] },
        signal,
      }),
    staleTime: Infinity,
  });
}

/** Whether a query asks for rows of a table. */
export function isHead({ queryKey }: Pick<Query, "queryKey">): boolean {
  return queryKey[2] === "head";
}

/** Runs code over the project's sheets; nothing is saved. */
export function useRun(sheetId: string) {
  return useMutation({
    mutationFn: (code: string) => api.post("/sheets/{sheet_id}/run", { path: { sheet_id: sheetId }, body: { code } }),
  });
}

/** Runs code and keeps what it gives as a new version. */
export function useSaveRun(sheet: Sheet) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (code: string) =>
      api.post("/sheets/{sheet_id}/versions", { path: { sheet_id: sheet.id }, body: { code, version: sheet.version } }),
    onSuccess: (now) => versionMoved(queries, now),
  });
}

/** Keeps another look of a chart as a new version. */
export function useSaveLook(sheet: Sheet) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ figure, what }: { figure: Figure; what: string }) =>
      api.patch("/sheets/{sheet_id}/document", {
        path: { sheet_id: sheet.id },
        body: { figure: figure as unknown as Schemas["LookBody"]["figure"], what, version: sheet.version },
      }),
    onSuccess: (now) => versionMoved(queries, now),
  });
}
