"use client";

import { toast } from "sonner";
import { create } from "zustand";
import { saying } from "@/lib/problem";
import { shortened } from "@/lib/words";

export const UNDO_MS = 8000;
const MOST_SAID = 120;

interface Later {
  /** Names the thing everywhere on the page: `project:<id>`. */
  key: string;
  said: string;
  /** Does it for good; `leaving` while the page goes away, when only a keepalive request gets through. */
  run: (leaving: boolean) => Promise<unknown>;
}

const useGone = create<{ keys: ReadonlySet<string> }>(() => ({ keys: new Set() }));
const waiting = new Map<string, (leaving: boolean) => Promise<void>>();
let watched = false;

/** Takes a thing off the screen now and deletes it when the toast has gone, unless it is undone. */
export function deleteLater({ key, said, run }: Later): void {
  watchLeaving();
  hide(key, true);
  const finish = async (leaving: boolean): Promise<void> => {
    if (!waiting.delete(key)) return;
    clearTimeout(timer);
    try {
      await run(leaving);
    } catch (error) {
      toast.error(saying(error));
    } finally {
      hide(key, false);
    }
  };
  const timer = setTimeout(() => void finish(false), UNDO_MS);
  waiting.set(key, finish);
  const undo = (): void => {
    if (!waiting.delete(key)) return;
    clearTimeout(timer);
    hide(key, false);
  };
  toast(shortened(said, MOST_SAID), { id: key, duration: UNDO_MS, action: { label: "Undo", onClick: undo } });
}

/** Whether a thing has been taken off the screen; for filters of lists. */
export function useIsGone(): (key: string) => boolean {
  const keys = useGone((s) => s.keys);
  return (key) => keys.has(key);
}

function hide(key: string, gone: boolean): void {
  useGone.setState(({ keys }) => ({ keys: withKey(keys, key, gone) }));
}

export function withKey(keys: ReadonlySet<string>, key: string, held: boolean): ReadonlySet<string> {
  const next = new Set(keys);
  if (held) next.add(key);
  else next.delete(key);
  return next;
}

function watchLeaving(): void {
  if (watched) return;
  watched = true;
  addEventListener("pagehide", () => {
    for (const finish of [...waiting.values()]) void finish(true);
  });
}
