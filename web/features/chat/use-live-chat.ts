"use client";

import type { SupabaseClient } from "@supabase/supabase-js";
import { useSyncExternalStore } from "react";
import { useSupabase } from "@/features/session";
import { EMPTY, LiveChat, type Snapshot } from "./live-chat";
import { readBefore, readChat, readMessages } from "./queries";

const KEPT = 8;
// Those looked at last: going back to one shows at once what it showed before.
const kept = new Map<string, LiveChat>();

export function useLiveChat(chatId: string | null): LiveChat | null {
  const supabase = useSupabase();
  return chatId === null ? null : openLiveChat(chatId, supabase);
}

export function useSnapshot(live: LiveChat | null): Snapshot {
  return useSyncExternalStore(live?.subscribe ?? never, live?.snapshot ?? nothing, nothing);
}

const nothing = () => EMPTY;
const never = () => () => undefined;

export function openLiveChat(chatId: string, supabase: SupabaseClient): LiveChat {
  const known = kept.get(chatId) ?? new LiveChat(chatId, { supabase, readChat, readMessages, readBefore });
  kept.delete(chatId);
  kept.set(chatId, known);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return known;
}
