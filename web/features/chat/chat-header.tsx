"use client";

import { Pencil } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { ChatMenu, useRenameChat, type Chat } from "@/features/chats";
import { saying } from "@/lib/problem";
import { useBudgetLeft } from "./queries";
import { dollars } from "./steps";

/** What a chat is called, what it has cost; its name is changed in place. */
export function ChatHeader({ chat, changeable }: { chat: Chat; changeable: boolean }) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <header className="flex min-h-12 lg:min-h-14 items-center gap-3 border-b border-line px-4">
      <title>{`${chat.title} · OryxForge`}</title>
      <div className="min-w-0 flex-1">{changeable ? <Title chat={chat} typed={typed} setTyped={setTyped} /> : <h1 className="truncate text-sm font-medium">{chat.title}</h1>}</div>
      <Cost chat={chat} />
      <ChatMenu chat={chat} onRename={changeable ? () => afterMenu(() => setTyped(chat.title)) : undefined} className="-mr-2" />
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

interface TitleProps {
  chat: Chat;
  /** What is being typed in place of the name; null while nothing is. */
  typed: string | null;
  setTyped: (typed: string | null) => void;
}

function Title({ chat, typed, setTyped }: TitleProps) {
  const rename = useRenameChat(chat);
  const [renamed, setRenamed] = useState<{ from: string; to: string } | null>(null);
  // Until the chat itself says so; one that was renamed elsewhere since says something else.
  const shown = renamed?.from === chat.title ? renamed.to : chat.title;

  function keep() {
    const title = typed?.trim() ?? "";
    setTyped(null);
    if (title === "" || title === shown) return;
    setRenamed({ from: chat.title, to: title });
    rename.mutate(title, {
      onError: (error) => {
        setRenamed(null);
        toast.error(saying(error));
      },
    });
  }

  if (typed === null) {
    return (
      <h1 className="min-w-0">
        <button
          type="button"
          title="Rename the chat"
          aria-label={`${shown}. Rename`}
          onClick={() => setTyped(shown)}
          className="group -ml-2 flex min-h-9 max-w-full items-center gap-2 rounded-md px-2 text-sm font-medium hover:bg-hover"
        >
          <span className="truncate">{shown}</span>
          <Pencil aria-hidden className="size-3.5 shrink-0 text-soft opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100" />
        </button>
      </h1>
    );
  }
  return (
    <input
      autoFocus
      data-keeps-escape
      aria-label="Name of the chat"
      value={typed}
      maxLength={200}
      onChange={(event) => setTyped(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter") keep();
        if (event.key === "Escape") setTyped(null);
      }}
      className="-ml-2 h-9 w-full max-w-xl rounded-md border border-edge bg-raised px-2 text-sm font-medium"
    />
  );
}
