"use client";

import { useState } from "react";
import { create } from "zustand";
import { persist } from "zustand/middleware";
import { useAgents, useModelName } from "./queries";
import { agentName } from "./steps";

/** Who was chosen last, for the next new chat. */
const useChosen = create<{ agent: string | null }>()(
  persist((): { agent: string | null } => ({ agent: null }), { name: "oryxforge-agent" }),
);

export interface AgentChoice {
  /** Null until it is known who there is. */
  readonly agent: string | null;
  readonly agents: readonly (readonly [agent: string, name: string])[];
  readonly choose: (agent: string) => void;
}

/** Who answers: the one chosen here, else the chat's own, else the one chosen last, else the default. */
export function useAgent(chatId: string | null, ofChat: string | null): AgentChoice {
  const { data } = useAgents();
  const model = useModelName(data?.agents.includes("claude") ?? false);
  const last = useChosen((s) => s.agent);
  const [here, setHere] = useState<{ chatId: string | null; agent: string } | null>(null);
  const wanted = [here?.chatId === chatId ? here.agent : null, ofChat, chatId === null ? last : null];
  const agents = data?.agents ?? [];
  return {
    agent: wanted.find((name) => name !== null && agents.includes(name)) ?? data?.default_agent ?? null,
    agents: agents.map((name) => [name, nameOf(name, model)] as const),
    choose: (agent) => {
      setHere({ chatId, agent });
      useChosen.setState({ agent });
    },
  };
}

function nameOf(agent: string, model: string | undefined): string {
  return agent === "claude" && model !== undefined ? `${agentName(agent)} · ${model}` : agentName(agent);
}
