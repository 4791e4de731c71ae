import type { Chat } from "@/features/chats";
import { isRecord } from "@/lib/problem";
import type { Item } from "./items";

type Failing = Pick<Chat, "status" | "error">;

/** Why the last answer failed, without what is said elsewhere already. */
export function failureWords(chat: Failing, said: string | null): string {
  const detail = detailOf(chat);
  const rest = said === null ? detail : detail.replace(said, "").trim();
  return rest || detail || "The answer failed. Ask again, or in other words.";
}

/** The items without a note that only says what stands below them as the reason of the failure. */
export function withoutEcho(items: readonly Item[], chat: Failing | null): readonly Item[] {
  const last = items.at(-1);
  const echoes = chat?.status === "failed" && last?.kind === "note" && last.text === detailOf(chat);
  return echoes ? items.slice(0, -1) : items;
}

function detailOf({ error }: Failing): string {
  const detail = isRecord(error) ? error["detail"] : null;
  return typeof detail === "string" ? detail : "";
}
