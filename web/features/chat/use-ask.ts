"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { chatsKey } from "@/features/chats";
import { projectAddress } from "@/features/projects";
import { useSessionStore, useSupabase } from "@/features/session";
import { Problem, saying } from "@/lib/problem";
import type { LiveChat } from "./live-chat";
import { newKey, postQuestion } from "./queries";
import { openLiveChat } from "./use-live-chat";

export interface Asking {
  /** How many questions were sent from here. */
  readonly asks: number;
  /** A first question on its way: its chat has no id yet. */
  readonly sending: string | null;
  readonly trouble: string | null;
  /** Whether the question was taken; where it was not, `trouble` says why. */
  readonly ask: (prompt: string, agent: string | null) => Promise<boolean>;
  readonly clear: () => void;
}

const OFFLINE = "You are offline. Your question stays here: send it once you are back.";

export function useAsk(projectId: string, chatId: string | null, live: LiveChat | null): Asking {
  const queries = useQueryClient();
  const router = useRouter();
  const supabase = useSupabase();
  const [asks, setAsks] = useState(0);
  const [sending, setSending] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<{ chatId: string | null; said: string } | null>(null);
  // Sent again after an answer that never came, a question keeps its key, and is asked once.
  const unsure = useRef<{ prompt: string; key: string } | null>(null);

  // A first question stands until the page has gone over to its chat.
  useEffect(() => setSending(null), [chatId]);
  // What failed for want of a session is no trouble any more once there is one.
  const signedIn = useSessionStore((s) => s.session.status === "signed-in");
  useEffect(() => {
    if (signedIn) setTrouble(null);
  }, [signedIn]);

  async function ask(prompt: string, agent: string | null): Promise<boolean> {
    setTrouble(null);
    if (!navigator.onLine) {
      setTrouble({ chatId, said: OFFLINE });
      return false;
    }
    const retryKey = unsure.current?.prompt === prompt ? unsure.current.key : newKey();
    setAsks((count) => count + 1);
    if (live) live.expect(prompt, agent);
    else setSending(prompt);
    try {
      const started = await postQuestion({ projectId, chatId, prompt, agent, retryKey });
      unsure.current = null;
      if (chatId === null) {
        openLiveChat(started.chat_id, supabase).expect(prompt, agent);
        router.replace(projectAddress("chat", projectId, { c: started.chat_id }));
      }
      void queries.invalidateQueries({ queryKey: chatsKey(projectId) });
      return true;
    } catch (error) {
      if (error instanceof Problem && error.status === 0) unsure.current = { prompt, key: retryKey };
      live?.forget();
      setSending(null);
      setTrouble({ chatId, said: saying(error) });
      return false;
    }
  }

  return {
    asks,
    sending,
    trouble: trouble?.chatId === chatId ? trouble.said : null,
    ask,
    clear: () => setTrouble(null),
  };
}
