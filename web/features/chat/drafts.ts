"use client";

import { useCallback } from "react";
import { readDraftText, useDraftText, writeDraftText } from "@/lib/drafts";

/** What is being typed in one place of a chat, and how it is changed. */
export function useDraft(place: string): readonly [string, (text: string) => void] {
  const text = useDraftText(place) ?? "";
  return [text, useCallback((next: string) => writeDraft(place, next), [place])];
}

export function readDraft(place: string): string {
  return readDraftText(place) ?? "";
}

export function writeDraft(place: string, text: string): void {
  writeDraftText(place, text === "" ? null : text);
}

/** Adds words at the end of what is typed there. */
export function addToDraft(place: string, words: string): void {
  const before = readDraft(place);
  writeDraft(place, `${before}${before === "" || /\s$/.test(before) ? "" : " "}${words} `);
}
