"use client";

import { useEffect, useState } from "react";
import { useAttachments } from "./attach";

export interface Submit {
  /** Sends, or does so once the files of the question are there. */
  readonly submit: () => void;
  readonly sendable: boolean;
  /** The question waits for its files. */
  readonly queued: boolean;
  /** One who writes on is not done yet. */
  readonly typed: () => void;
}

/** Sends what is written at a place with all that is attached to it. */
export function useSubmit(place: string, text: string, waiting: boolean, onSend: () => void): Submit {
  const mine = useAttachments((s) => s.all).filter((one) => one.place === place);
  const arriving = mine.some((one) => one.status !== "failed");
  const failed = mine.length > 0 && !arriving;
  const sendable = text.trim() !== "" && !waiting;
  const [wished, setWished] = useState<string | null>(null);
  const queued = wished === place;
  useEffect(() => {
    if (!queued || arriving) return;
    setWished(null);
    if (sendable && !failed) onSend();
  });
  return {
    submit: () => {
      if (!sendable) return;
      if (arriving) setWished(place);
      else onSend();
    },
    sendable,
    queued: queued && arriving,
    typed: () => setWished(null),
  };
}
