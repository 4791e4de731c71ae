"use client";

import { CircleStop, PenLine, RotateCcw, SquarePen } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef, type RefObject } from "react";
import { projectAddress } from "@/features/projects";
import { useCommands, type Command } from "@/features/shell";

interface Doing {
  readonly projectId: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly stop: (() => void) | null;
  readonly regenerate: (() => void) | null;
}

/** What can be done in a chat, for the palette and by keys. */
export function useChatCommands(doing: Doing): void {
  const router = useRouter();
  const latest = useRef(doing);
  useEffect(() => {
    latest.current = doing;
  });
  const { projectId } = doing;
  const [stops, regenerates] = [doing.stop !== null, doing.regenerate !== null];
  useCommands(
    useMemo((): Command[] => {
      const all: (Command | false)[] = [
        {
          id: "write",
          title: "Write a question",
          icon: PenLine,
          words: "ask prompt",
          keys: "c",
          group: "Chat",
          run: () => latest.current.field.current?.focus(),
        },
        {
          id: "new-chat",
          title: "New chat",
          icon: SquarePen,
          words: "ask begin",
          keys: "g n",
          group: "Make",
          run: () => router.push(projectAddress("chat", projectId)),
        },
        stops && { id: "stop", title: "Stop the answer", icon: CircleStop, group: "Chat", run: () => latest.current.stop?.() },
        regenerates && {
          id: "regenerate",
          title: "Answer anew",
          icon: RotateCcw,
          words: "regenerate again retry",
          group: "Chat",
          run: () => latest.current.regenerate?.(),
        },
      ];
      return all.filter((command) => command !== false);
    }, [projectId, router, stops, regenerates]),
  );
}
