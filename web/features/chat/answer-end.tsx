"use client";

import { CircleStop, RotateCcw, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Chat } from "@/features/chats";
import { failureWords } from "./failure";

interface AnswerEndProps {
  chat: Chat | null;
  processing: boolean;
  /** The answer has begun. */
  begun: boolean;
  /** What stands at the prompt already, and is not said twice. */
  said: string | null;
  askAgain: (() => void) | null;
}

/** How the last answer stands: under way, failed, stopped; nothing where all is well. */
export function AnswerEnd({ chat, processing, begun, said, askAgain }: AnswerEndProps) {
  if (processing) return <Working begun={begun} />;
  if (chat?.status === "failed") {
    return (
      <div role="alert" className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-bad-tint px-4 py-3 text-sm">
        <TriangleAlert aria-hidden className="size-4 shrink-0 text-bad" />
        <p className="min-w-0 flex-1 basis-60">{failureWords(chat, said)}</p>
        {askAgain && <Again onClick={askAgain} />}
      </div>
    );
  }
  if (chat?.status === "cancelled") {
    return (
      <div className="mt-3 flex flex-wrap items-center gap-3 text-sm text-soft">
        <CircleStop aria-hidden className="size-4" />
        Stopped. What was written stays.
        {askAgain && <Again onClick={askAgain} />}
      </div>
    );
  }
  return null;
}

function Again({ onClick }: { onClick: () => void }) {
  return (
    <Button onClick={onClick}>
      <RotateCcw aria-hidden className="size-4" />
      Ask again
    </Button>
  );
}

function Working({ begun }: { begun: boolean }) {
  return (
    // As high as what stands here when the answer has ended.
    <p className="flex min-h-10 items-center gap-2.5 pt-1 text-sm text-soft">
      <span aria-hidden className="flex gap-1">
        {[0, 150, 300].map((ms) => (
          <span key={ms} className="size-1.5 animate-pulse rounded-full bg-accent" style={{ animationDelay: `${ms}ms` }} />
        ))}
      </span>
      {begun ? "Writing" : "Working on it"}
    </p>
  );
}

