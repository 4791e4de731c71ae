"use client";

import { useCallback } from "react";
import { create } from "zustand";

const PREFIX = "oryxforge-draft:";

const useDrafts = create<{ texts: Readonly<Record<string, string>> }>(() => ({ texts: {} }));

/** What is being typed in one place; a reload of the tab, or a session that ran out, loses none of it. */
export function useDraft(place: string): readonly [string, (text: string) => void] {
  const text = useDrafts((s) => s.texts[place]) ?? kept(place);
  return [text, useCallback((next: string) => writeDraft(place, next), [place])];
}

export function readDraft(place: string): string {
  return useDrafts.getState().texts[place] ?? kept(place);
}

export function writeDraft(place: string, text: string): void {
  useDrafts.setState(({ texts }) => ({ texts: { ...texts, [place]: text } }));
  if (text === "") sessionStorage.removeItem(PREFIX + place);
  else sessionStorage.setItem(PREFIX + place, text);
}

/** Adds words at the end of what is typed there. */
export function addToDraft(place: string, words: string): void {
  const before = readDraft(place);
  writeDraft(place, `${before}${before === "" || /\s$/.test(before) ? "" : " "}${words} `);
}

function kept(place: string): string {
  return typeof sessionStorage === "undefined" ? "" : (sessionStorage.getItem(PREFIX + place) ?? "");
}
