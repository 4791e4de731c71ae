"use client";

import { useSyncExternalStore } from "react";
import { shownKeys } from "./keys";

const never = () => () => undefined;

export function useIsMac(): boolean {
  return useSyncExternalStore(never, () => navigator.userAgent.includes("Mac"), () => false);
}

export function Keys({ keys }: { keys: string }) {
  const mac = useIsMac();
  return (
    <span className="flex shrink-0 gap-1">
      {shownKeys(keys, mac).map((key) => (
        <kbd key={key} className="key">
          {key}
        </kbd>
      ))}
    </span>
  );
}
