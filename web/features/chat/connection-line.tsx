"use client";

import { useEffect, useState } from "react";
import { useIsOnline } from "./use-online";

const PATIENCE_MS = 1500;

/** Says plainly that new pieces don't come now; a blink of the connection is not told. */
export function ConnectionLine({ live }: { live: boolean }) {
  const online = useIsOnline();
  const lost = useLasting(!live);
  const said = !online
    ? "You are offline. Answers go on without you, and stand here when you are back."
    : lost
      ? "The connection was lost. Trying again…"
      : "";
  return (
    <div role="status" className="relative z-10 h-0">
      {said !== "" && (
        <p className="appear border-b border-line bg-panel px-4 py-1 text-center text-xs text-warn">{said}</p>
      )}
    </div>
  );
}

function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(now), now ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [now]);
  return now && lasting;
}
