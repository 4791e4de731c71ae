"use client";

import { create } from "zustand";

const PREFIX = "oryxforge-draft:";

const useTexts = create<{ texts: Readonly<Record<string, string | null>> }>(() => ({ texts: {} }));

/** What is being typed in one place; null where nothing is. A reload of the tab, or a session that ran out, loses none of it. */
export function useDraftText(place: string): string | null {
  const text = useTexts((s) => s.texts[place]);
  return text === undefined ? kept(place) : text;
}

export function readDraftText(place: string): string | null {
  const text = useTexts.getState().texts[place];
  return text === undefined ? kept(place) : text;
}

export function writeDraftText(place: string, text: string | null): void {
  useTexts.setState(({ texts }) => ({ texts: { ...texts, [place]: text } }));
  // Where storage is full or shut, what is typed lasts as long as the page.
  try {
    if (text === null) sessionStorage.removeItem(PREFIX + place);
    else sessionStorage.setItem(PREFIX + place, text);
  } catch {
    return;
  }
}

/** Forgets all that was typed in this tab: who signs out leaves nothing to the next one. */
export function forgetDrafts(): void {
  useTexts.setState({ texts: {} });
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}

function kept(place: string): string | null {
  return typeof sessionStorage === "undefined" ? null : sessionStorage.getItem(PREFIX + place);
}
