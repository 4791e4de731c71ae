"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";
import { useIsGone } from "@/lib/undo";

export type Sheet = Schemas["SheetOut"];
export type Dataset = Schemas["DatasetOut"];

export const sheetsKey = (projectId: string) => ["sheets", projectId] as const;
export const sheetKey = (sheetId: string) => ["sheet", sheetId] as const;
export const versionsKey = (sheetId: string) => ["sheet-versions", sheetId] as const;
export const deletedKey = (projectId: string) => ["deleted-sheets", projectId] as const;
export const deletedDatasetsKey = (projectId: string) => ["deleted-datasets", projectId] as const;
export const datasetsKey = (projectId: string) => ["datasets", projectId] as const;

/** The sheets of a project, without those that are being deleted. */
export function useSheets(projectId: string) {
  const isGone = useIsGone();
  return useQuery({
    queryKey: sheetsKey(projectId),
    queryFn: ({ signal }) => api.get("/sheets", { query: { project_id: projectId }, signal }),
    select: (list) =>
      list.sheets.filter((sheet) => !isGone(`sheet:${sheet.id}`) && !isGone(`dataset:${sheet.dataset_id}`)),
  });
}

/** The datasets of a project, without those that are being deleted. */
export function useDatasets(projectId: string) {
  const isGone = useIsGone();
  return useQuery({
    queryKey: datasetsKey(projectId),
    queryFn: ({ signal }) => api.post("/datasets/list", { body: { project_id: projectId }, signal }),
    select: (list) => list.datasets.filter((dataset) => !isGone(`dataset:${dataset.id}`)),
  });
}

/** Sheets that were deleted and can be brought back, the last one first. */
export function useDeletedSheets(projectId: string) {
  return useQuery({
    queryKey: deletedKey(projectId),
    queryFn: ({ signal }) => api.get("/sheets", { query: { project_id: projectId, deleted: true }, signal }),
    select: (list) => list.sheets,
  });
}

/** Datasets that were deleted and can be brought back, the last one first. */
export function useDeletedDatasets(projectId: string) {
  return useQuery({
    queryKey: deletedDatasetsKey(projectId),
    queryFn: ({ signal }) => api.get("/datasets", { query: { project_id: projectId, deleted: true }, signal }),
    select: (list) => list.datasets,
  });
}

export function useVersions(sheetId: string) {
  return useQuery({
    queryKey: versionsKey(sheetId),
    queryFn: ({ signal }) => api.get("/sheets/{sheet_id}/versions", { path: { sheet_id: sheetId }, signal }),
  });
}
