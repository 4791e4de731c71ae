"use client";

import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";
import { deleteLater } from "@/lib/undo";
import { datasetsKey, deletedDatasetsKey, deletedKey, sheetKey, sheetsKey, versionsKey, type Dataset, type Sheet } from "./queries";

/** Gives a sheet another name. */
export function useChangeSheet(sheet: Pick<Sheet, "id" | "project_id">) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["SheetPatch"]) => api.patch("/sheets/{sheet_id}", { path: { sheet_id: sheet.id }, body }),
    onSuccess: (now) => sheetChanged(queries, now),
  });
}

/** Puts a sheet into another dataset of its project. */
export function usePlaceSheet() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ sheet, datasetId }: { sheet: Pick<Sheet, "id">; datasetId: string }) =>
      api.patch("/sheets/{sheet_id}", { path: { sheet_id: sheet.id }, body: { dataset_id: datasetId } }),
    onSuccess: (now) => sheetChanged(queries, now),
  });
}

export function useCreateDataset(projectId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.post("/datasets/create", { body: { project_id: projectId, name } }),
    onSuccess: () => changed(queries, projectId),
  });
}

export function useRenameDataset(dataset: Pick<Dataset, "id" | "project_id">) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.patch("/datasets/{dataset_id}", { path: { dataset_id: dataset.id }, body: { name } }),
    onSuccess: () => changed(queries, dataset.project_id),
  });
}

/** Deletes a sheet once the toast with its undo has gone. */
export function useDeleteSheet() {
  const queries = useQueryClient();
  return (sheet: Sheet) =>
    deleteLater({
      key: `sheet:${sheet.id}`,
      said: `${sheet.name} is deleted.`,
      run: async (leaving) => {
        await api.delete("/sheets/{sheet_id}", { path: { sheet_id: sheet.id }, keepalive: leaving });
        await changed(queries, sheet.project_id);
      },
    });
}

/** Deletes a dataset and its sheets once the toast with its undo has gone. */
export function useDeleteDataset() {
  const queries = useQueryClient();
  return (dataset: Dataset) =>
    deleteLater({
      key: `dataset:${dataset.id}`,
      said: `${dataset.name} is deleted with its sheets.`,
      run: async (leaving) => {
        await api.delete("/datasets/{dataset_id}", { path: { dataset_id: dataset.id }, keepalive: leaving });
        await changed(queries, dataset.project_id);
      },
    });
}

/** Makes a version the current one. */
export function useGoTo(sheetId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (number: number) =>
      api.post("/sheets/{sheet_id}/versions/{number}/restore", { path: { sheet_id: sheetId, number } }),
    onSuccess: (now) => versionMoved(queries, now),
  });
}

/** Another version of a sheet is the current one. */
export function versionMoved(queries: QueryClient, now: Sheet): void {
  queries.setQueryData(sheetKey(now.id), now);
  void queries.invalidateQueries({ queryKey: versionsKey(now.id) });
  void queries.invalidateQueries({ queryKey: sheetsKey(now.project_id) });
}

export function useRestoreSheet(projectId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (sheetId: string) => api.post("/sheets/{sheet_id}/restore", { path: { sheet_id: sheetId } }),
    onSuccess: () => changed(queries, projectId),
  });
}

/** Brings a dataset back, and the sheets that were deleted with it. */
export function useRestoreDataset(projectId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (datasetId: string) => api.post("/datasets/{dataset_id}/restore", { path: { dataset_id: datasetId } }),
    onSuccess: () => changed(queries, projectId),
  });
}

function sheetChanged(queries: QueryClient, now: Sheet): void {
  // At once: what is open is found by its new name, without a moment in which it is not there.
  queries.setQueryData<Schemas["SheetList"]>(sheetsKey(now.project_id), (list) =>
    list && { ...list, sheets: list.sheets.map((one) => (one.id === now.id ? now : one)) },
  );
  void changed(queries, now.project_id);
}

async function changed(queries: QueryClient, projectId: string): Promise<void> {
  await Promise.all([sheetsKey, datasetsKey, deletedKey, deletedDatasetsKey].map((key) => queries.invalidateQueries({ queryKey: key(projectId) })));
}
