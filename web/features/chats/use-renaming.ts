"use client";

import { useState } from "react";
import { toast } from "sonner";
import { saying } from "@/lib/problem";
import { useRenameChat, type Chat } from "./queries";

export interface Renaming {
  /** What the chat is called; a new name stands at once. */
  readonly title: string;
  readonly rename: (title: string) => void;
}

/** Gives a chat another name; where that fails a toast says why, and the old one is back. */
export function useRenaming(chat: Pick<Chat, "id" | "project_id" | "title">): Renaming {
  const renaming = useRenameChat(chat);
  const [renamed, setRenamed] = useState<{ from: string; to: string } | null>(null);
  // Until the chat itself says so; one that was renamed elsewhere since says something else.
  const title = renamed?.from === chat.title ? renamed.to : chat.title;
  return {
    title,
    rename: (to) => {
      if (to === "" || to === title) return;
      setRenamed({ from: chat.title, to });
      renaming.mutate(to, {
        onError: (error) => {
          setRenamed(null);
          toast.error(saying(error));
        },
      });
    },
  };
}
