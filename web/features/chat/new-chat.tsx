"use client";

import { ArrowUpRight } from "lucide-react";
import Link from "next/link";
import { Skeleton } from "@/components/ui/skeleton";
import { projectAddress } from "@/features/projects";
import { useSheets } from "@/features/sheets";
import { shortened } from "@/lib/words";
import { useSuggestions } from "./queries";

/** Of a word, such as the address of a sheet. */
const MOST = 32;
const LONG_WORD = new RegExp(`\\S{${MOST + 1},}`, "gu");

/** No line ends within it. */
function shortWord(word: string): string {
  return shortened(word, MOST).replace("…", "…\u2060");
}

interface NewChatProps {
  projectId: string;
  /** Null for somebody who may only read. */
  ask: ((prompt: string) => void) | null;
}

/** What stands where nothing was asked yet: questions that the project's own data can answer. */
export function NewChat({ projectId, ask }: NewChatProps) {
  const empty = useSheets(projectId).data?.length === 0;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4">
      <div className="mx-auto flex min-h-full max-w-2xl flex-col justify-center py-8 text-center">
        <h2 className="display text-2xl sm:text-3xl">What would you like to know?</h2>
        <p className="mt-2 text-pretty text-soft">
          {empty ? (
            <>
              There is no data yet. Drop a file here, or{" "}
              <Link href={projectAddress("data", projectId)} prefetch={false} className="link">
                bring some in
              </Link>
              .
            </>
          ) : (
            "Ask in plain words, or write SQL. Each answer shows the code and the data that it comes from."
          )}
        </p>
        {ask && <Suggestions projectId={projectId} ask={ask} />}
      </div>
    </div>
  );
}

function Suggestions({ projectId, ask }: { projectId: string; ask: (prompt: string) => void }) {
  const { data, isPending } = useSuggestions(projectId);
  if (isPending) return <Skeleton className="mt-8 h-36" />;
  if (!data || data.length === 0) return null;
  return (
    <ul aria-label="Questions to begin with" className="mt-8 grid gap-2 text-left sm:grid-cols-2">
      {data.map((prompt) => (
        <li key={prompt}>
          <button
            type="button"
            onClick={() => ask(prompt)}
            className="group flex h-full min-h-12 w-full items-center gap-3 rounded-xl border border-line bg-raised px-4 py-2.5 text-left text-sm hover:border-accent hover:shadow-lift"
          >
            <span className="min-w-0 flex-1 wrap-anywhere" title={prompt}>
              {prompt.replace(LONG_WORD, shortWord)}
            </span>
            <ArrowUpRight aria-hidden className="size-4 shrink-0 text-soft group-hover:text-accent" />
          </button>
        </li>
      ))}
    </ul>
  );
}
