"use client";

import { Search, SquarePen } from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";
import { may, projectAddress, useCurrentProject } from "@/features/projects";
import { saying } from "@/lib/problem";
import { ChatMenu } from "./chat-menu";
import { openChatFinder } from "./finder-state";
import { useChats, type Chat } from "./queries";
import { StatusDot } from "./status-dot";
import { TitleInput } from "./title-input";
import { useRenaming } from "./use-renaming";

/** The project's chats, the one that moved last first. */
export function RecentChats({ projectId }: { projectId: string }) {
  const chats = useChats(projectId);
  return (
    <section aria-labelledby="recent" className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center pl-2.5">
        <h2 id="recent" className="flex-1 text-xs font-medium text-soft">
          Chats
        </h2>
        <IconButton label="Search chats" onClick={() => openChatFinder()}>
          <Search aria-hidden className="size-4" />
        </IconButton>
        <Link
          href={projectAddress("chat", projectId)}
          prefetch={false}
          aria-label="New chat"
          title="New chat"
          className="grid size-9 place-items-center rounded-md text-soft hover:bg-hover hover:text-ink"
        >
          <SquarePen aria-hidden className="size-4" />
        </Link>
      </div>
      {chats.isPending && <Waiting />}
      {chats.isError && !chats.data && (
        <div className="grid justify-items-start gap-2 px-2.5 text-sm text-soft">
          <p role="alert">{saying(chats.error)}</p>
          <Button onClick={() => void chats.refetch()}>Try again</Button>
        </div>
      )}
      {chats.data?.length === 0 && <p className="px-2.5 text-sm text-soft">Your questions will stand here.</p>}
      <ul className="-mx-1 min-h-0 overflow-y-auto px-1">
        {chats.data?.map((chat) => <Row key={chat.id} chat={chat} />)}
      </ul>
      {(chats.data?.length ?? 0) > 5 && (
        <button
          type="button"
          onClick={() => openChatFinder()}
          className="min-h-9 rounded-md px-2.5 text-left text-sm text-soft hover:bg-hover hover:text-ink"
        >
          All chats
        </button>
      )}
    </section>
  );
}

function Row({ chat }: { chat: Chat }) {
  const project = useCurrentProject();
  const [naming, setNaming] = useState(false);
  const renaming = useRenaming(chat);
  const onChat = usePathname() === "/chat";
  const here = useSearchParams().get("c") === chat.id && onChat;
  const editor = project !== undefined && may(project, "editor");
  if (naming) {
    return (
      <li>
        <TitleInput renaming={renaming} onDone={() => setNaming(false)} />
      </li>
    );
  }
  return (
    <li className={cn("group relative flex items-center rounded-md", here ? "bg-tint text-accent" : "hover:bg-hover")}>
      <Link
        href={projectAddress("chat", chat.project_id, { c: chat.id })}
        prefetch={false}
        title={renaming.title}
        aria-current={here ? "page" : undefined}
        className="flex min-h-9 min-w-0 flex-1 items-center gap-2 rounded-md px-2.5 text-sm group-focus-within:pr-9 group-hover:pr-9 pointer-coarse:pr-9"
      >
        <StatusDot status={chat.status} />
        <span className="truncate">{renaming.title}</span>
      </Link>
      <ChatMenu
        chat={chat}
        onRename={editor ? () => setNaming(true) : undefined}
        className="absolute right-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
      />
    </li>
  );
}

function Waiting() {
  return (
    <div className="grid gap-2 px-1" role="status" aria-label="Chats are loading">
      <Skeleton className="h-7" />
      <Skeleton className="h-7 w-4/5" />
      <Skeleton className="h-7 w-3/5" />
    </div>
  );
}
