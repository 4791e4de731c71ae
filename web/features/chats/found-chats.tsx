"use client";

import { MessageSquareText, SearchX } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { may, projectAddress, type Project } from "@/features/projects";
import { sinceWhen } from "@/lib/dates";
import { many } from "@/lib/words";
import { ChatMenu } from "./chat-menu";
import { closeChatFinder } from "./finder-state";
import { marks, wordsOf } from "./marks";
import { useFoundChats, type ChatHit } from "./queries";
import { StatusDot } from "./status-dot";
import { TitleInput } from "./title-input";
import { useRenaming } from "./use-renaming";

/** The chats that have all words, with what was said around the first one. */
export function FoundChats({ project, search }: { project: Project; search: string }) {
  const found = useFoundChats(project.id, search);
  const words = wordsOf(search);
  if (found.isPending) return <Skeleton className="h-40" />;
  if (found.isError && !found.data) return <Trouble error={found.error} again={() => void found.refetch()} />;
  return (
    <>
      <p role="status" className="sr-only">
        {found.data.length === 0 ? "No chat" : many(found.data.length, "chat")}
      </p>
      {found.data.length === 0 && (search === "" ? <NoChats project={project} /> : <NoneFound />)}
      <ul className="-mx-2 min-h-0 overflow-y-auto px-2">
        {found.data.map((chat) => (
          <Hit key={chat.id} chat={chat} words={words} editor={may(project, "editor")} />
        ))}
        {found.hasNextPage && (
          <li className="py-3 text-center">
            <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              Older chats
            </Button>
          </li>
        )}
      </ul>
    </>
  );
}

function Hit({ chat, words, editor }: { chat: ChatHit; words: readonly string[]; editor: boolean }) {
  const [naming, setNaming] = useState(false);
  const renaming = useRenaming(chat);
  if (naming) {
    return (
      <li className="py-1.5">
        <TitleInput renaming={renaming} onDone={() => setNaming(false)} />
      </li>
    );
  }
  return (
    <li className="flex items-start gap-1 rounded-md focus-within:bg-hover hover:bg-hover">
      <Link
        data-chat
        href={projectAddress("chat", chat.project_id, { c: chat.id })}
        prefetch={false}
        onClick={closeChatFinder}
        className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-0.5 rounded-md px-2.5 py-2"
      >
        <span className="flex items-center gap-2">
          <StatusDot status={chat.status} />
          <span className="min-w-0 flex-1 truncate text-sm font-medium">
            <Marked text={renaming.title} words={words} />
          </span>
          <time dateTime={chat.active_at} className="shrink-0 text-xs text-soft">
            {sinceWhen(chat.active_at)}
          </time>
        </span>
        {chat.snippet && (
          <span className="line-clamp-2 text-sm text-soft">
            <Marked text={chat.snippet} words={words} />
          </span>
        )}
      </Link>
      <ChatMenu chat={chat} onRename={editor ? () => setNaming(true) : undefined} />
    </li>
  );
}

function Marked({ text, words }: { text: string; words: readonly string[] }) {
  return marks(text, words).map((part, at) =>
    part.marked ? (
      <mark key={at} className="rounded-xs bg-tint text-accent">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}

function NoChats({ project }: { project: Project }) {
  return (
    <Empty
      icon={MessageSquareText}
      title="No chats yet"
      action={
        <Link href={projectAddress("chat", project.id)} prefetch={false} onClick={closeChatFinder} className="link">
          Ask the first question
        </Link>
      }
    >
      Each question and its answer are kept here.
    </Empty>
  );
}

function NoneFound() {
  return (
    <Empty icon={SearchX} title="No chat has these words">
      Try fewer of them, or only their beginning.
    </Empty>
  );
}
