"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { loadConfig } from "@/lib/config";
import { unreachable } from "@/lib/problem";
import { checksOf } from "./health";

export function About() {
  const config = useQuery({ queryKey: ["config"], queryFn: loadConfig, staleTime: Infinity });
  const health = useQuery({ queryKey: ["health"], queryFn: readHealth, refetchInterval: 15_000 });
  if (config.isPending || health.isPending) return <Skeleton className="h-44" />;
  if (config.isError) return <Trouble error={config.error} again={() => void config.refetch()} />;
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-y-2.5 text-sm">
      <Row name="OryxForge">{config.data.version}</Row>
      <Row name="Who answers">{config.data.agents.map(agentName).join(", ")}</Row>
      <Row name="Sign-in">{config.data.hosted ? config.data.supabase_url : "on this machine"}</Row>
      {health.isError ? (
        <Row name="Health">{health.error.message}</Row>
      ) : (
        health.data.map(({ name, well, says }) => (
          <Row key={name} name={name}>
            <span className={well ? "flex items-center gap-1.5 text-good" : "flex items-center gap-1.5 text-bad"}>
              {well ? (
                <CircleCheck aria-hidden className="size-4 shrink-0" />
              ) : (
                <CircleAlert aria-hidden className="size-4 shrink-0" />
              )}
              {says}
            </span>
          </Row>
        ))
      )}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function agentName(agent: string): string {
  return agent === "quick" ? "quick (the built-in analyst, no model)" : agent;
}

async function readHealth({ signal }: { signal: AbortSignal }) {
  const answer = await fetch("/health/ready", { signal }).catch(() => {
    throw unreachable();
  });
  return checksOf(await answer.json().catch(() => null));
}
