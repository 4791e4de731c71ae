"use client";

import { useState } from "react";
import { ChatMenu, TitleInput, useRenaming, type Chat } from "@/features/chats";
import { useBudgetLeft } from "./queries";
import { dollars } from "./steps";

/** What a chat is called, what it has cost; its name is changed in place. */
export function ChatHeader({ chat, changeable }: { chat: Chat; changeable: boolean }) {
  const [naming, setNaming] = useState(false);
  const renaming = useRenaming(chat);
  return (
    <header className="flex min-h-12 lg:min-h-14 items-center gap-3 border-b border-line px-4">
      <title>{`${renaming.title} · OryxForge`}</title>
      <div className="min-w-0 flex-1">
        {naming ? (
          <div className="-ml-2 max-w-xl">
            <TitleInput renaming={renaming} onDone={() => setNaming(false)} />
          </div>
        ) : (
          <h1 className="truncate text-sm font-medium" title={renaming.title}>
            {renaming.title}
          </h1>
        )}
      </div>
      <Cost chat={chat} />
      <ChatMenu chat={chat} onRename={changeable ? () => afterMenu(() => setNaming(true)) : undefined} className="-mr-2" />
    </header>
  );
}

function Cost({ chat }: { chat: Chat }) {
  const left = useBudgetLeft(chat.project_id, chat.cost_usd);
  return (
    <p className="flex shrink-0 items-center gap-2 text-xs text-soft tabular-nums">
      {chat.cost_usd > 0 && (
        <span title="What this chat has cost so far">
          <span className="sr-only">Cost so far: </span>
          {dollars(chat.cost_usd)}
        </span>
      )}
      {left !== null && (
        <span title="What questions may still cost this month" className={left <= 0 ? "text-bad" : undefined}>
          {dollars(left)} left
        </span>
      )}
    </p>
  );
}

/** A menu that closes takes the focus back to its button; only then may a field have it. */
function afterMenu(work: () => void): void {
  setTimeout(work, 50);
}
