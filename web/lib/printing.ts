"use client";

import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

let isPrinting = false;
const heard = new Set<() => void>();

/** Whether the page is being printed: what only paper needs is drawn then. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, now, never);
}

/** Draws the page as for paper while something looks at it. */
export function asPrinted<T>(look: () => T): T {
  tell(true);
  try {
    return look();
  } finally {
    tell(false);
  }
}

function subscribe(hear: () => void): () => void {
  watch();
  heard.add(hear);
  return () => heard.delete(hear);
}

let isWatching = false;

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  addEventListener("beforeprint", () => tell(true));
  addEventListener("afterprint", () => tell(false));
  // Tools that only take on the look of paper say so here alone.
  matchMedia("print").addEventListener("change", ({ matches }) => tell(matches));
}

const now = (): boolean => isPrinting;
const never = (): boolean => false;

/** At once: a browser that prints waits for nobody. */
function tell(on: boolean): void {
  if (on === isPrinting) return;
  flushSync(() => {
    isPrinting = on;
    for (const hear of heard) hear();
  });
}
