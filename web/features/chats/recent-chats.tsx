"use client";

import { SquarePen } from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";
import { projectAddress } from "@/features/projects";
import { useChats } from "./queries";

/** The project's chats, the latest first. */
export function RecentChats({ projectId }: { projectId: string }) {
  const chats = useChats(projectId);
  const open = useSearchParams().get("c");
  const onChat = usePathname() === "/chat";
  return (
    <section aria-labelledby="recent" className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center justify-between pl-2.5">
        <h2 id="recent" className="text-xs font-medium text-soft">
          Chats
        </h2>
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
      {chats.isPending && <Skeleton className="h-8" />}
      {chats.data?.length === 0 && <p className="px-2.5 text-sm text-soft">Your questions will stand here.</p>}
      <ul className="min-h-0 overflow-y-auto">
        {chats.data?.map((chat) => (
          <li key={chat.id}>
            <Link
              href={projectAddress("chat", projectId, { c: chat.id })}
              prefetch={false}
              aria-current={onChat && chat.id === open ? "page" : undefined}
              className={cn(
                "block truncate rounded-md px-2.5 py-1.5 text-sm",
                onChat && chat.id === open ? "bg-tint text-accent" : "hover:bg-hover",
              )}
            >
              {chat.title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
