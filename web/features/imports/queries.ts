"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient, type Query } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";
import { isRecord } from "@/lib/problem";
import { deleteLater, useIsGone } from "@/lib/undo";
import type { LoadSettings } from "./choices";
import type { Source } from "./upload-state";

export type SheetReading = Schemas["SheetReadingOut"];
export type Job = Schemas["JobOut"];
export type Sheet = Schemas["SheetOut"];
export type Dataset = Schemas["DatasetOut"];

export const POLL_MS = 400;
/** Merging an answer into the one before loses a sheet or column that is named `__proto__`. */
const AS_SENT = false;

export const sourcesKey = (projectId: string) => ["sources", projectId] as const;

/** The files of a project, the newest first, without those that are being deleted. */
export function useSources(projectId: string) {
  const isGone = useIsGone();
  return useQuery({
    queryKey: sourcesKey(projectId),
    queryFn: ({ signal }) => api.get("/sources", { query: { project_id: projectId }, signal }),
    select: (list) => list.sources.filter((source) => !isGone(`source:${source.id}`)),
  });
}

/** Deletes a file once the toast with its undo has gone; what was imported from it stays. */
export function useDeleteSource(projectId: string) {
  const queries = useQueryClient();
  return (source: Source) =>
    deleteLater({
      key: `source:${source.id}`,
      said: `${source.name} is deleted. Sheets that were imported from it stay.`,
      run: async (leaving) => {
        await api.delete("/sources/{source_id}", {
          path: { source_id: source.id },
          query: { project_id: projectId },
          keepalive: leaving,
        });
        await queries.invalidateQueries({ queryKey: sourcesKey(projectId) });
      },
    });
}

/** How a file is read with these settings; while new ones are tried, the last good reading stays. */
export function useReading(projectId: string, sourceId: string, settings: LoadSettings) {
  return useQuery({
    // As a text: a column may be named `__proto__`, which no key made of objects keeps.
    queryKey: ["reading", projectId, sourceId, JSON.stringify(settings)],
    queryFn: ({ signal }) =>
      api.post("/files/inspect", {
        body: { project_id: projectId, data_source_id: sourceId, settings_load: settings },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

export function useTargets(projectId: string) {
  const datasets = useQuery({
    queryKey: ["imports", "datasets", projectId],
    queryFn: ({ signal }) => api.post("/datasets/list", { body: { project_id: projectId }, signal }),
    select: (list) => list.datasets,
  });
  const sheets = useQuery({
    queryKey: ["imports", "sheets", projectId],
    queryFn: ({ signal }) => api.get("/sheets", { query: { project_id: projectId }, signal }),
    select: (list) => list.sheets,
  });
  return { datasets, sheets };
}

export function useSheet(sheetId: string | null) {
  return useQuery({
    queryKey: ["imports", "sheet", sheetId],
    queryFn: ({ signal }) => api.get("/sheets/{sheet_id}", { path: { sheet_id: sheetId ?? "" }, signal }),
    enabled: sheetId !== null,
    structuralSharing: AS_SENT,
  });
}

export interface ImportAsked {
  readonly projectId: string;
  readonly sourceId: string;
  readonly load: LoadSettings;
  readonly save: { createNewDataset: boolean; datasetName: string; selectedSheets: Record<string, string>; newVersions: boolean };
  readonly retryKey: string;
}

export function useStartImport() {
  return useMutation({
    mutationFn: async (asked: ImportAsked): Promise<Job> => {
      const answer = await api.raw("post", "/files/import", {
        body: {
          project_id: asked.projectId,
          data_source_id: asked.sourceId,
          settings_load: asked.load,
          settings_save: asked.save,
        },
        headers: { Prefer: "respond-async", "Idempotency-Key": asked.retryKey },
      });
      return (await answer.json()) as Job;
    },
  });
}

export function useJob(jobId: string | null) {
  return useQuery({
    queryKey: ["job", jobId],
    queryFn: ({ signal }) => api.get("/jobs/{job_id}", { path: { job_id: jobId ?? "" }, signal }),
    enabled: jobId !== null,
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data) ? false : POLL_MS),
    staleTime: 0,
    structuralSharing: AS_SENT,
  });
}

export function useCancelJob() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (jobId: string) => api.post("/jobs/{job_id}/cancel", { path: { job_id: jobId } }),
    onSuccess: (job) => queries.setQueryData(["job", job.id], job),
  });
}

export function hasEnded(job: Job): boolean {
  return job.status === "completed" || job.status === "failed" || job.status === "cancelled";
}

/** The sheets that an import made, by name. */
export function sheetsOf(job: Job): readonly (readonly [string, string])[] {
  const ids = job.result?.["datasheet_ids"];
  if (!isRecord(ids)) return [];
  return Object.entries(ids).flatMap(([name, id]) => (typeof id === "string" ? [[name, id] as const] : []));
}

/** Takes back what an import made: new sheets go, new versions of old ones too. */
export function useUndoImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (job: Job) => api.post("/jobs/{job_id}/undo", { path: { job_id: job.id } }),
    onSuccess: async (_, job) => {
      const made = sheetsOf(job).map(([, id]) => id);
      const isOfMade = ({ queryKey }: Query) => queryKey.some((part) => typeof part === "string" && made.includes(part));
      // Of a sheet that went with the import, whatever still shows it must ask nothing more.
      await queries.invalidateQueries({ predicate: isOfMade, refetchType: "none" });
      await queries.invalidateQueries({ predicate: (query) => mayChange(query) && !isOfMade(query) });
    },
  });
}

const NEVER_CHANGES: ReadonlySet<unknown> = new Set(["reading", "job", "profile"]);

/** Whether an import, or its undoing, may make another answer of what was asked. */
export function mayChange({ queryKey }: Query): boolean {
  return !NEVER_CHANGES.has(queryKey[0]);
}
