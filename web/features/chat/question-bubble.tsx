"use client";

import { useState } from "react";
import { cn } from "@/components/ui/cn";
import type { Asked } from "./items";

const LONG = 1200;

/** A question as it was asked: text, nothing in it is drawn as anything else. */
export function QuestionBubble({ asked }: { asked: Asked }) {
  const long = asked.text.length > LONG;
  const [open, setOpen] = useState(false);
  return (
    <div className="flex flex-col items-end pt-4">
      <h2 className="sr-only">Question</h2>
      <div className="max-w-[88%] rounded-2xl rounded-br-md bg-tint px-4 py-2.5">
        <p className={cn("break-words whitespace-pre-wrap", long && !open && "line-clamp-12")}>{asked.text}</p>
        {long && (
          <button type="button" onClick={() => setOpen(!open)} className="link mt-1 text-sm">
            {open ? "Show less" : "Show all"}
          </button>
        )}
      </div>
    </div>
  );
}
