"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { datasetsKey, sheetsKey } from "@/features/sheets";
import { attach } from "./attach";

/** Brings files into the question that is written at a place. */
export function useAttach(projectId: string, place: string): (files: readonly File[]) => void {
  const queries = useQueryClient();
  return useCallback(
    (files) =>
      attach(projectId, place, files, () => {
        void queries.invalidateQueries({ queryKey: sheetsKey(projectId) });
        void queries.invalidateQueries({ queryKey: datasetsKey(projectId) });
        void queries.invalidateQueries({ queryKey: ["sources"] });
      }),
    [projectId, place, queries],
  );
}
