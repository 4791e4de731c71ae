import { useEffect, useRef, type RefObject } from "react";

const LOADS_WITHIN_MS = 5000;
const BY_HAND = ["wheel", "pointerdown", "touchstart", "keydown"] as const;

/** Brings the part that the address names into view, and keeps it there while what stands above it loads. */
export function usePlace<T extends HTMLElement>(): RefObject<T | null> {
  const all = useRef<T>(null);
  useEffect(() => {
    const part = document.getElementById(location.hash.slice(1));
    if (all.current === null || part === null) return;
    const observer = new ResizeObserver(() => part.scrollIntoView());
    const stop = () => {
      observer.disconnect();
      clearTimeout(timer);
      for (const kind of BY_HAND) removeEventListener(kind, stop);
    };
    const timer = setTimeout(stop, LOADS_WITHIN_MS);
    for (const kind of BY_HAND) addEventListener(kind, stop, { passive: true });
    observer.observe(all.current);
    return stop;
  }, []);
  return all;
}
