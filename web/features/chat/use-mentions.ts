"use client";

import { useState } from "react";
import { useSheets } from "@/features/sheets";
import { completed, fitting, mentionAt } from "./mentions";

export interface Mentions {
  readonly names: readonly string[];
  /** Which of the names a press of Enter takes. */
  readonly chosen: number;
  readonly moved: (caret: number) => void;
  readonly closed: () => void;
  /** Takes a key that belongs to the list; whether it did. */
  readonly pressed: (key: string) => boolean;
  readonly take: (name: string) => void;
}

/** The sheets that may be meant by what stands before the caret. */
export function useMentions(
  projectId: string,
  text: string,
  write: (text: string, caret: number) => void,
): Mentions {
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const mention = caret === null ? null : mentionAt(text, caret);
  const sheets = useSheets(projectId).data ?? [];
  const names = mention === null ? [] : fitting(sheets.map((sheet) => sheet.address), mention.query);
  const at = Math.min(chosen, Math.max(0, names.length - 1));

  const closed = () => setCaret(null);
  function take(name: string) {
    if (mention === null || caret === null) return;
    const done = completed(text, mention, caret, name);
    closed();
    write(done.text, done.caret);
  }
  function pressed(key: string): boolean {
    if (names.length === 0) return false;
    const name = names[at];
    if (key === "ArrowDown" || key === "ArrowUp") {
      setChosen((at + (key === "ArrowDown" ? 1 : names.length - 1)) % names.length);
    } else if ((key === "Enter" || key === "Tab") && name !== undefined) take(name);
    else if (key === "Escape") closed();
    else return false;
    return true;
  }
  function moved(next: number) {
    setCaret(next);
    setChosen(0);
  }
  return { names, chosen: at, moved, closed, pressed, take };
}
