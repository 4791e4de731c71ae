"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/features/session/hooks";
import { sheetsKey } from "@/features/sheets";
import { saying } from "@/lib/problem";
import type { Node } from "./graph";

export interface Failure {
  readonly address: string;
  readonly why: string;
}

/** Runs the code of sheets again, one after another, each as a new version; what failed and why. */
export function useRenew(projectId: string) {
  const queries = useQueryClient();
  const [done, setDone] = useState(0);
  const renew = useMutation({
    mutationFn: async (nodes: readonly Node[]): Promise<readonly Failure[]> => {
      setDone(0);
      const failed: Failure[] = [];
      for (const { sheet, code } of nodes) {
        try {
          const body = { code: code ?? "", version: sheet.version };
          await api.post("/sheets/{sheet_id}/versions", { path: { sheet_id: sheet.id }, body });
        } catch (error) {
          failed.push({ address: sheet.address, why: saying(error) });
        }
        setDone((n) => n + 1);
      }
      return failed;
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: sheetsKey(projectId) }),
        queries.invalidateQueries({ queryKey: ["sheet-versions"] }),
        queries.invalidateQueries({ queryKey: ["sheet"] }),
      ]),
  });
  return { renew, done };
}
