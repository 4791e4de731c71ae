import { currentUserId, useUser } from "@/features/session";
import { useDraftText, writeDraftText } from "@/lib/drafts";

/** Code of a sheet that is being changed: it stays while one looks elsewhere, and over a reload. */
export function useDraft(sheetId: string): string | undefined {
  return useDraftText(placeOf(useUser().id, sheetId)) ?? undefined;
}

export function keepDraft(sheetId: string, code: string): void {
  writeDraftText(placeOf(currentUserId(), sheetId), code);
}

export function dropDraft(sheetId: string): void {
  writeDraftText(placeOf(currentUserId(), sheetId), null);
}

function placeOf(userId: string, sheetId: string): string {
  return `${userId}:code:${sheetId}`;
}
