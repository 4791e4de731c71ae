import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/features/session/hooks";
import type { Schemas } from "@/lib/api-types";
import { forgetConfig } from "@/lib/config";
import { isRecord } from "@/lib/problem";
import { deleteLater } from "@/lib/undo";

export type ModelState = Schemas["ModelOut"];
export type ModelGiven = Schemas["ModelBody"];
export type Token = Schemas["TokenOut"];
export type NewToken = Schemas["NewTokenOut"];
export type Budget = Schemas["BudgetOut"];
export type ProjectBudget = Schemas["ProjectBudgetOut"];

const MODEL = ["model"] as const;
const TOKENS = ["tokens"] as const;
const BUDGETS = ["budgets"] as const;
export const MODEL_GONE = "model:claude";

export function useMe() {
  return useQuery({ queryKey: ["me"], queryFn: ({ signal }) => api.get("/me", { signal }), staleTime: Infinity });
}

export function useModel() {
  return useQuery({ queryKey: MODEL, queryFn: ({ signal }) => api.get("/models/claude", { signal }) });
}

/** Who answers is another one from now on, everywhere on the page. */
function useModelChanged() {
  const queries = useQueryClient();
  return (state: ModelState) => {
    queries.setQueryData(MODEL, state);
    forgetConfig();
    return queries.invalidateQueries({ queryKey: ["config"] });
  };
}

export function useSaveModel() {
  const changed = useModelChanged();
  return useMutation({
    mutationFn: (body: ModelGiven) => api.post("/models/claude", { body }),
    onSuccess: changed,
  });
}

export function useForgetModel() {
  const changed = useModelChanged();
  return () =>
    deleteLater({
      key: MODEL_GONE,
      said: "The key is removed.",
      run: async (leaving) => changed(await api.delete("/models/claude", { keepalive: leaving })),
    });
}

export function useTokens() {
  return useQuery({
    queryKey: TOKENS,
    queryFn: async ({ signal }) => (await api.get("/tokens", { signal })).tokens,
  });
}

export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; days: number }) => api.post("/tokens", { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
    gcTime: 0,
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete("/tokens/{token_id}", { path: { token_id: id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
}

export function useBudgets() {
  return useQuery({ queryKey: BUDGETS, queryFn: ({ signal }) => api.get("/budgets", { signal }) });
}

/** Sets one's own budget, or that of a project. */
export function useSetBudget(projectId: string | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (monthly: number | null) => {
      const body = { monthly_usd: monthly };
      if (projectId === null) await api.patch("/budgets/mine", { body });
      else await api.patch("/projects/{project_id}/budget", { path: { project_id: projectId }, body });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: BUDGETS }),
  });
}

export interface Mail {
  readonly id: number;
  readonly recipient: string;
  readonly subject: string;
  readonly link: string | null;
  readonly code: string | null;
  readonly created_at: string;
}

/** Mails that wait in an installation without a mail server; the server gives them to its owner alone. */
export function useOutbox() {
  return useQuery({
    queryKey: ["outbox"],
    queryFn: async ({ signal }) => mailsOf(await (await api.raw("get", "/auth/v1/outbox", { signal })).json()),
    refetchInterval: 15_000,
  });
}

export function mailsOf(body: unknown): readonly Mail[] {
  const mails = isRecord(body) && Array.isArray(body["mails"]) ? (body["mails"] as unknown[]) : [];
  return mails.filter(isRecord).map((mail) => ({
    id: Number(mail["id"]),
    recipient: String(mail["recipient"]),
    subject: String(mail["subject"]),
    link: typeof mail["link"] === "string" ? mail["link"] : null,
    code: typeof mail["code"] === "string" ? mail["code"] : null,
    created_at: String(mail["created_at"]),
  }));
}
