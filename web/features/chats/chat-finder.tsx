"use client";

import { useSearchParams } from "next/navigation";
import { useDeferredValue, useEffect, type KeyboardEvent } from "react";
import { Dialog } from "@/components/ui/dialog";
import { useCurrentProject } from "@/features/projects";
import { closeChatFinder, openChatFinder, useFinder } from "./finder-state";
import { FoundChats } from "./found-chats";

/** All chats of the project, searched; an address with `find` opens it. */
export function ChatFinder() {
  const project = useCurrentProject();
  const words = useFinder((state) => state.words);
  const asked = useSearchParams().get("find");
  useEffect(() => {
    if (asked !== null) openChatFinder(asked);
  }, [asked]);
  const sought = useDeferredValue(words ?? "").trim();
  if (words === null || project === undefined) return null;
  return (
    <Dialog open onClose={closeChatFinder} title="Chats" className="max-w-2xl!">
      <div className="flex h-[calc(76dvh-7.5rem)] flex-col gap-3" onKeyDown={walk}>
        <input
          type="search"
          autoFocus
          aria-label="Search chats"
          placeholder="Words of a title, a question or an answer"
          value={words}
          maxLength={200}
          onChange={(event) => openChatFinder(event.target.value)}
          className="h-10 w-full shrink-0 rounded-md border border-edge bg-raised px-3 text-base"
        />
        <FoundChats project={project} search={sought} />
      </div>
    </Dialog>
  );
}

/** Up and down go from the field through the chats; Enter in the field opens the first. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.nativeEvent.isComposing) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input[type=search], a[data-chat]")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (event.key === "Enter" && at === 0) {
    event.preventDefault();
    stops[1]?.click();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || at < 0) return;
  event.preventDefault();
  stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus();
}
