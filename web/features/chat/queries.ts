"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";

const PAGE = 1000;
/** What is looked at first: enough for several screens. */
const SCREENS = 200;

export const readChat = (chatId: string) => api.get("/chats/{chat_id}", { path: { chat_id: chatId } });

export const readMessages = (chatId: string, after: number) =>
  api.get("/chats/{chat_id}/messages", { path: { chat_id: chatId }, query: { after, limit: PAGE } });

/** The last ones before a number. */
export const readBefore = (chatId: string, before: number) =>
  api.get("/chats/{chat_id}/messages", { path: { chat_id: chatId }, query: { before, limit: SCREENS } });

export interface Question {
  readonly projectId: string;
  readonly chatId: string | null;
  readonly prompt: string;
  /** Null: the chat's own, or the default. */
  readonly agent: string | null;
  /** One for one wish: the same question sent again is asked once. */
  readonly retryKey: string;
}

export const postQuestion = ({ projectId, chatId, prompt, agent, retryKey }: Question) =>
  api.post("/chat", {
    body: { project_id: projectId, chat_id: chatId, prompt, agent, mode: "explore" },
    headers: { "Idempotency-Key": retryKey },
  });

/** The earlier answer stays in the rows, and counts no more. */
export const postRegenerate = (chatId: string) =>
  api.post("/chats/{chat_id}/regenerate", { path: { chat_id: chatId } });

export const postStop = (chatId: string) => api.post("/chat/{chat_id}/cancel", { path: { chat_id: chatId } });

/** Who can be asked now; a key that was just saved counts. */
export function useAgents() {
  return useQuery({ queryKey: ["config"], queryFn: ({ signal }) => api.get("/config.json", { signal }) });
}

/** The model that Claude answers with; undefined where it is the agent's own choice. */
export function useModelName(enabled: boolean): string | undefined {
  const model = useQuery({
    queryKey: ["models", "claude"],
    queryFn: ({ signal }) => api.get("/models/claude", { signal }),
    enabled,
  });
  return model.data?.model ?? undefined;
}

/** What the next question may cost; null where nothing bounds it. */
export function useBudgetLeft(projectId: string, spent: number): number | null {
  const budget = useQuery({
    // What was spent meanwhile leaves less.
    queryKey: ["budget", projectId, spent],
    queryFn: ({ signal }) => api.get("/projects/{project_id}/budget", { path: { project_id: projectId }, signal }),
    placeholderData: (before) => before,
  });
  return budget.data?.left_usd ?? null;
}

/** What could be asked of the project's own tables. */
export function useSuggestions(projectId: string) {
  return useQuery({
    queryKey: ["suggestions", projectId],
    queryFn: ({ signal }) => api.get("/projects/{project_id}/suggestions", { path: { project_id: projectId }, signal }),
    select: (list) => list.suggestions.map((suggestion) => suggestion.prompt),
  });
}

export interface Branch {
  readonly chatId: string;
  /** The question in whose place another is asked. */
  readonly seq: number;
  readonly prompt: string;
  readonly retryKey: string;
}

/** A new chat with what was before, and another question. */
export const postBranch = ({ chatId, seq, prompt, retryKey }: Branch) =>
  api.post("/chats/{chat_id}/branch", {
    path: { chat_id: chatId },
    body: { seq, prompt },
    headers: { "Idempotency-Key": retryKey },
  });

export const inspectFile = (projectId: string, sourceId: string) =>
  api.post("/files/inspect", {
    body: { project_id: projectId, data_source_id: sourceId, settings_load: { sheets: {}, types: {} } },
  });

export const readDatasets = (projectId: string) =>
  api.post("/datasets/list", { body: { project_id: projectId } }).then((list) => list.datasets);

export const readSheets = (projectId: string) =>
  api.get("/sheets", { query: { project_id: projectId } }).then((list) => list.sheets);

export const readJob = (jobId: string) => api.get("/jobs/{job_id}", { path: { job_id: jobId } });

/** Begins to import sheets of a file, by the name that each shall get. */
export async function startImport(
  projectId: string,
  sourceId: string,
  createNewDataset: boolean,
  datasetName: string,
  selectedSheets: ReadonlyMap<string, string>,
): Promise<Schemas["JobOut"]> {
  const answer = await api.raw("post", "/files/import", {
    body: {
      project_id: projectId,
      data_source_id: sourceId,
      settings_save: { createNewDataset, datasetName, selectedSheets: Object.fromEntries(selectedSheets) },
    },
    headers: { Prefer: "respond-async", "Idempotency-Key": newKey() },
  });
  return (await answer.json()) as Schemas["JobOut"];
}

/** A key by which a request that is sent again is known for the same. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
}
