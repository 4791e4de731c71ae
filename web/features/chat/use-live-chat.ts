"use client";

import { useSyncExternalStore } from "react";
import { useSupabase } from "@/features/session";
import { EMPTY, LiveChat, type Snapshot } from "./live-chat";
import { readChat, readMessages } from "./queries";

const KEPT = 8;
// Those looked at last: going back to one shows at once what it showed before.
const kept = new Map<string, LiveChat>();

export function useLiveChat(chatId: string | null): LiveChat | null {
  const supabase = useSupabase();
  return chatId === null ? null : liveChat(chatId, () => new LiveChat(chatId, { supabase, readChat, readMessages }));
}

export function useSnapshot(live: LiveChat | null): Snapshot {
  return useSyncExternalStore(live?.subscribe ?? never, live?.snapshot ?? nothing, nothing);
}

const nothing = () => EMPTY;
const never = () => () => undefined;

function liveChat(chatId: string, make: () => LiveChat): LiveChat {
  const known = kept.get(chatId) ?? make();
  kept.delete(chatId);
  kept.set(chatId, known);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return known;
}
