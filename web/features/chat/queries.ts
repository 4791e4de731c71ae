"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { chatsKey, type Chat } from "@/features/chats";
import { api } from "@/features/session/hooks";

const PAGE = 1000;

export const readChat = (chatId: string) => api.get("/chats/{chat_id}", { path: { chat_id: chatId } });

export const readMessages = (chatId: string, after: number) =>
  api.get("/chats/{chat_id}/messages", { path: { chat_id: chatId }, query: { after, limit: PAGE } });

export interface Question {
  readonly projectId: string;
  readonly chatId: string | null;
  readonly prompt: string;
  readonly agent: string;
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

export function useRenameChat(chat: Pick<Chat, "id" | "project_id">) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (title: string) => api.patch("/chats/{chat_id}", { path: { chat_id: chat.id }, body: { title } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: chatsKey(chat.project_id) }),
  });
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
