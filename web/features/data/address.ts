"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { decoded, encoded, type View } from "@/features/grid";
import { projectAddress } from "@/features/projects";

/** What the address of the data screen names: a sheet, a version of it, how it is looked at. */
export function useDataAddress(projectId: string) {
  const router = useRouter();
  const path = usePathname();
  const asked = useSearchParams();
  const sheet = asked.get("s");
  const viewed = asked.get("v");
  const version = Number(asked.get("n")) || undefined;
  const view = useMemo(() => decoded(viewed), [viewed]);

  const setView = useCallback(
    (next: View) => {
      const words = new URLSearchParams(location.search);
      const word = encoded(next);
      if (word === undefined) words.delete("v");
      else words.set("v", word);
      router.replace(`${path}?${words}`, { scroll: false });
    },
    [path, router],
  );
  const open = useCallback(
    (name: string, number?: number) =>
      router.push(sheetAddress(projectId, name, number), { scroll: false }),
    [projectId, router],
  );
  const close = useCallback(() => router.push(projectAddress("data", projectId), { scroll: false }), [projectId, router]);
  return { sheet, version, view, source: asked.get("source"), setView, open, close };
}

export function sheetAddress(projectId: string, name: string, version?: number): string {
  return projectAddress("data", projectId, { s: name, ...(version === undefined ? {} : { n: String(version) }) });
}
