"use client";

import { WifiOff } from "lucide-react";
import { usePathname } from "next/navigation";
import { useSyncExternalStore } from "react";

function watch(changed: () => void): () => void {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}

/** Says over every screen that there is no network; nothing moves for it. */
export function Offline() {
  // The chat says so itself, and what goes on meanwhile.
  const inChat = usePathname() === "/chat";
  const online = useSyncExternalStore(
    watch,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 top-2 z-40 flex justify-center px-4 print:hidden">
      {!online && !inChat && (
        <p className="appear flex items-center gap-2 rounded-full border border-line bg-raised px-4 py-1.5 text-sm shadow-lift">
          <WifiOff aria-hidden className="size-4 shrink-0 text-warn" />
          You are offline. What you see stays; new things wait for the network.
        </p>
      )}
    </div>
  );
}
