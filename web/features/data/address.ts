"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback, useMemo, useOptimistic, useTransition } from "react";
import { decoded, encoded, type View } from "@/features/grid";
import { projectAddress } from "@/features/projects";

/** What the address of the data screen names: a sheet, a version of it, how it is looked at. */
export function useDataAddress() {
  const router = useRouter();
  const path = usePathname();
  const asked = useSearchParams();
  const sheet = asked.get("s");
  const viewed = asked.get("v");
  const version = Number(asked.get("n")) || undefined;
  const told = useMemo(() => decoded(viewed), [viewed]);
  // The address follows a moment later; nobody waits for it.
  const [view, foresee] = useOptimistic(told);
  const [, start] = useTransition();

  const setView = useCallback(
    (next: View) => {
      const words = new URLSearchParams(location.search);
      const word = encoded(next);
      if (word === undefined) words.delete("v");
      else words.set("v", word);
      start(() => {
        foresee(next);
        router.replace(`${path}?${words}`, { scroll: false });
      });
    },
    [path, router, foresee],
  );
  return { sheet, version, view, setView };
}

/** The query of an address once the sheet in it is called otherwise; null where another, or none, is looked at. */
export function renamedAddress(query: string, before: string, now: string): string | null {
  const words = new URLSearchParams(query);
  if (words.get("s")?.toLowerCase() !== before.toLowerCase()) return null;
  words.set("s", now);
  return `/data?${words}`;
}

export function sheetAddress(projectId: string, name: string, version?: number): string {
  return projectAddress("data", projectId, { s: name, ...(version === undefined ? {} : { n: String(version) }) });
}
