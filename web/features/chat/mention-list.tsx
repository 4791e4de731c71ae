"use client";

import { Table2 } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { many } from "@/lib/words";
import type { Mentions } from "./use-mentions";

/** The sheets to choose from, above the prompt. */
export function MentionList({ id, mentions: { names, chosen, take } }: { id: string; mentions: Mentions }) {
  return (
    <>
      <span role="status" className="sr-only">
        {names.length > 0 ? `${many(names.length, "sheet")}. Up and down to choose, Enter to take.` : ""}
      </span>
      {names.length > 0 && (
        <ul
          id={id}
          role="listbox"
          aria-label="Sheets"
          className="appear absolute inset-x-0 bottom-full z-20 mb-2 max-h-72 max-w-md overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-lift"
        >
          {names.map((name, at) => (
            <li
              key={name}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === chosen}
              // The caret stays in the text.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(name)}
              className={cn(
                "flex min-h-9 items-center gap-2.5 rounded-md px-2.5 text-sm",
                at === chosen ? "bg-hover" : "hover:bg-hover",
              )}
            >
              <Table2 aria-hidden className="size-4 shrink-0 text-soft" />
              <span className="truncate">{name}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
