"use client";

import { ChevronDown } from "lucide-react";
import type { AgentChoice } from "./use-agent";

/** Who answers; a choice where there are several. */
export function AgentPicker({ choice: { agent, agents, choose } }: { choice: AgentChoice }) {
  const name = agents.find(([one]) => one === agent)?.[1];
  if (agent === null || name === undefined) return <span className="h-9" />;
  if (agents.length < 2) return <span className="px-1.5 text-sm text-soft">{name}</span>;
  return (
    <span className="relative min-w-0 rounded-md text-soft hover:bg-hover hover:text-ink">
      <select
        aria-label="Who answers"
        value={agent}
        onChange={(event) => choose(event.target.value)}
        className="h-9 max-w-full cursor-pointer appearance-none truncate rounded-md bg-transparent pr-6 pl-1.5 text-sm [field-sizing:content] [&>option]:bg-raised [&>option]:text-ink"
      >
        {agents.map(([one, said]) => (
          <option key={one} value={one}>
            {said}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-3 right-1.5 size-3.5" />
    </span>
  );
}
