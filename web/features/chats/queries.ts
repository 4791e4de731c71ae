"use client";

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { projectAddress } from "@/features/projects";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";
import { deleteLater, useIsGone } from "@/lib/undo";

export type Chat = Schemas["ChatOut"];
export type ChatHit = Schemas["ChatHitOut"];

const RECENT = 40;
const PAGE = 30;
/** How long until a list is looked at again: soon while an answer is written, else now and then. */
const SOON_MS = 3_000;
const LATER_MS = 20_000;

export const chatsKey = (projectId: string) => ["chats", projectId] as const;

/** The project's chats, the one that moved last first, without those that are being deleted. */
export function useChats(projectId: string) {
  const isGone = useIsGone();
  return useQuery({
    queryKey: chatsKey(projectId),
    queryFn: ({ signal }) => api.get("/chats", { query: { project_id: projectId, limit: RECENT }, signal }),
    select: (list) => list.chats.filter((chat) => !isGone(`chat:${chat.id}`)),
    refetchInterval: ({ state }) =>
      state.data?.chats.some((chat) => chat.status === "processing") ? SOON_MS : LATER_MS,
  });
}

/** Chats whose title or text has all words, page by page. */
export function useFoundChats(projectId: string, search: string) {
  const isGone = useIsGone();
  return useInfiniteQuery({
    queryKey: [...chatsKey(projectId), "found", search],
    queryFn: ({ pageParam, signal }) =>
      api.get("/chats", {
        query: { project_id: projectId, search, limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap((page) => page.chats).filter((chat) => !isGone(`chat:${chat.id}`)),
    placeholderData: (before) => before,
  });
}

export function useRenameChat(chat: Pick<Chat, "id" | "project_id">) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (title: string) => api.patch("/chats/{chat_id}", { path: { chat_id: chat.id }, body: { title } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: chatsKey(chat.project_id) }),
  });
}

/** Deletes a chat once the toast with its undo has gone; one that is open is left at once. */
export function useDeleteChat() {
  const queries = useQueryClient();
  const router = useRouter();
  const onChat = usePathname() === "/chat";
  const open = useSearchParams().get("c");
  return (chat: Pick<Chat, "id" | "project_id" | "title">) => {
    deleteLater({
      key: `chat:${chat.id}`,
      said: `“${chat.title}” is deleted.`,
      run: async (leaving) => {
        await api.delete("/chats/{chat_id}", { path: { chat_id: chat.id }, keepalive: leaving });
        await queries.invalidateQueries({ queryKey: chatsKey(chat.project_id) });
      },
    });
    if (onChat && open === chat.id) router.push(projectAddress("chat", chat.project_id));
  };
}
