"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { chatsKey } from "@/features/chats";
import { projectAddress } from "@/features/projects";
import { saying } from "@/lib/problem";
import { newKey, postBranch } from "./queries";

/** Asks another question in place of an earlier one, in a new chat; whether it was taken. */
export function useBranch(projectId: string, chatId: string | null): (seq: number, prompt: string) => Promise<boolean> {
  const router = useRouter();
  const queries = useQueryClient();
  return async (seq, prompt) => {
    if (chatId === null) return false;
    try {
      const made = await postBranch({ chatId, seq, prompt, retryKey: newKey() });
      void queries.invalidateQueries({ queryKey: chatsKey(projectId) });
      router.push(projectAddress("chat", projectId, { c: made.chat_id }));
      return true;
    } catch (error) {
      toast.error(saying(error));
      return false;
    }
  };
}
