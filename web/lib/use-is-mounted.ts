"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False while the page is drawn as it was built, true once it lives in the browser. */
export function useIsMounted(): boolean {
  return useSyncExternalStore(never, () => true, () => false);
}
