"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { projectAddress } from "@/features/projects";
import type { Source } from "./upload-state";
import { startUpload } from "./uploads";

/** Where a file is looked into before it is imported. */
export function previewAddress(projectId: string, sourceId: string): string {
  return projectAddress("data", projectId, { source: sourceId });
}

/** Uploads files, or goes on with them; where it was one, and the person is still where they brought it, its preview opens. */
export function useBring(): (projectId: string, files: readonly File[]) => void {
  const router = useRouter();
  return useCallback(
    (projectId, files) => {
      const here = location.pathname;
      const done = (source: Source): void => {
        const asked = new URLSearchParams(location.search);
        const stayed = location.pathname === here && here !== "/chat" && asked.get("p") === projectId && !asked.has("source");
        if (files.length === 1 && stayed) router.push(previewAddress(projectId, source.id));
      };
      // The tray says what became of each.
      for (const file of files) startUpload(projectId, file).then(done, () => undefined);
    },
    [router],
  );
}

/** The platform's own choice of files. */
export function chooseFiles(onFiles: (files: readonly File[]) => void, several = true): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = several;
  input.addEventListener("change", () => onFiles([...(input.files ?? [])]));
  input.click();
}
