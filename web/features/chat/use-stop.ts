"use client";

import { useEffect, useState } from "react";
import { toast } from "sonner";
import { saying } from "@/lib/problem";
import { postStop } from "./queries";

export interface Stopping {
  /** Null where there is nothing to stop. */
  readonly stop: (() => void) | null;
  readonly stopping: boolean;
}

/** Stops the chat's answer, by Escape too. */
export function useStop(chatId: string | null, processing: boolean): Stopping {
  const [asked, setAsked] = useState(false);
  const able = processing && chatId !== null;
  useEffect(() => {
    if (!able) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return;
      void stop(chatId);
    };
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      setAsked(false);
    };
  }, [able, chatId]);

  async function stop(id: string): Promise<void> {
    setAsked(true);
    try {
      await postStop(id);
    } catch (error) {
      setAsked(false);
      toast.error(saying(error));
    }
  }
  return { stopping: able && asked, stop: able ? () => void stop(chatId) : null };
}

/** In a dialog or a menu Escape closes that. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="menu"], [data-keeps-escape]') !== null;
}
