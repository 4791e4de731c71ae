"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";

export type Chat = Schemas["ChatOut"];

export const chatsKey = (projectId: string) => ["chats", projectId] as const;

export function useChats(projectId: string) {
  return useQuery({
    queryKey: chatsKey(projectId),
    queryFn: ({ signal }) => api.get("/chats", { query: { project_id: projectId }, signal }),
    select: (list) => list.chats,
  });
}
