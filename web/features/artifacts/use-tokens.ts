"use client";

import { useEffect, useState } from "react";
import { readTokens, type Tokens } from "./chart-theme";

/** The page's colours and faces, read anew when the theme is switched; null until the page stands. */
export function useTokens(): Tokens | null {
  const [tokens, setTokens] = useState<Tokens | null>(null);
  useEffect(() => {
    const root = document.documentElement;
    const read = (): void =>
      setTokens((before) => {
        const now = readTokens(root);
        return before !== null && JSON.stringify(before) === JSON.stringify(now) ? before : now;
      });
    read();
    const watcher = new MutationObserver(read);
    watcher.observe(root, { attributes: true, attributeFilter: ["class"] });
    return () => watcher.disconnect();
  }, []);
  return tokens;
}
