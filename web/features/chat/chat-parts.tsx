"use client";

import { MessagesSquare } from "lucide-react";
import Link from "next/link";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { projectAddress } from "@/features/projects";

/** The place of the header while there is no chat, or not yet. */
export function NoHeader({ fresh }: { fresh: boolean }) {
  return (
    <header className="flex min-h-12 lg:min-h-14 items-center border-b border-line px-4">
      <title>{`${fresh ? "New chat" : "Chat"} · OryxForge`}</title>
      {fresh ? <h1 className="text-sm font-medium">New chat</h1> : <Waiting />}
    </header>
  );
}

function Waiting() {
  return (
    <>
      <h1 className="sr-only">Chat</h1>
      <Skeleton className="h-5 w-48" />
    </>
  );
}

export function Loading() {
  return (
    <div role="status" aria-label="The chat is loading" className="mx-auto w-full max-w-3xl flex-1 space-y-4 px-4 py-8 sm:px-8">
      <Skeleton className="ml-auto h-11 w-2/5" />
      <Skeleton className="h-24" />
    </div>
  );
}

export function Gone({ projectId }: { projectId: string }) {
  return (
    <Empty
      screen
      icon={MessagesSquare}
      title="This chat is not here"
      action={
        <Link href={projectAddress("chat", projectId)} prefetch={false} className="link">
          Begin a new one
        </Link>
      }
    >
      It was deleted, or nobody has shared it with you. The link may also be cut off.
    </Empty>
  );
}

export function ReadOnly() {
  return (
    <p className="rounded-lg border border-line bg-panel px-4 py-3 text-center text-sm text-soft">
      You may read this project's chats. To ask in it, its owner makes you an editor.
    </p>
  );
}
