"use client";

import { useCallback, useState } from "react";

const PREFIX = "oryxforge-draft:";

/** What is being typed in one place; a reload of the tab, or a session that ran out, loses none of it. */
export function useDraft(place: string): readonly [string, (text: string) => void] {
  const [draft, setDraft] = useState({ place, text: readDraft(place) });
  const write = useCallback(
    (text: string) => {
      writeDraft(place, text);
      setDraft({ place, text });
    },
    [place],
  );
  // A draft of another place is not of this one, not even for one drawing.
  const text = draft.place === place ? draft.text : readDraft(place);
  if (draft.place !== place) setDraft({ place, text });
  return [text, write];
}

export function readDraft(place: string): string {
  return typeof sessionStorage === "undefined" ? "" : (sessionStorage.getItem(PREFIX + place) ?? "");
}

export function writeDraft(place: string, text: string): void {
  if (text === "") sessionStorage.removeItem(PREFIX + place);
  else sessionStorage.setItem(PREFIX + place, text);
}
