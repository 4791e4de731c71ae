"use client";

import { toast } from "sonner";
import { saying } from "@/lib/problem";
import type { LiveChat } from "./live-chat";
import { postRegenerate } from "./queries";

/** Has the chat's last question answered anew; null where there is no chat. */
export function useRegenerate(chatId: string | null, live: LiveChat | null): (() => Promise<void>) | null {
  if (chatId === null || live === null) return null;
  return async () => {
    live.begin();
    try {
      await postRegenerate(chatId);
    } catch (error) {
      live.forget();
      toast.error(saying(error));
    }
  };
}
