"use client";

import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { toast } from "sonner";
import { create } from "zustand";
import { projectAddress } from "@/features/projects";
import { UNDO_MS } from "@/lib/undo";
import { progressWords } from "./progress-words";
import { hasEnded, mayChange, useJob, useUndoImport, type Job } from "./queries";
import { Bar } from "./upload-row";

interface Watched {
  readonly jobId: string;
  readonly projectId: string;
  readonly sourceId: string;
  readonly name: string;
}

export const useWatched = create<{ imports: readonly Watched[] }>(() => ({ imports: [] }));

/** Follows an import on every screen until it ends. */
export function watchImport(watched: Watched): void {
  useWatched.setState(({ imports }) => ({ imports: [...imports, watched] }));
}

/** The imports that go on while another screen is shown. */
export function useElsewhere(): readonly Watched[] {
  const shown = useSearchParams().get("job");
  return useWatched((s) => s.imports).filter((one) => one.jobId !== shown);
}

/** Tells of each import's end where its own screen does not. */
export function Watchers() {
  const imports = useWatched((s) => s.imports);
  return imports.map((one) => <Watcher key={one.jobId} watched={one} />);
}

function Watcher({ watched }: { watched: Watched }) {
  const { data: job } = useJob(watched.jobId);
  const shown = useSearchParams().get("job") === watched.jobId;
  const queries = useQueryClient();
  const undo = useUndoImport();
  const ended = job !== undefined && hasEnded(job);
  useEffect(() => {
    if (!ended) return;
    useWatched.setState(({ imports }) => ({ imports: imports.filter((one) => one !== watched) }));
    void queries.invalidateQueries({ predicate: mayChange });
    if (!shown) tell(watched, job, () => undo.mutate(job));
  }, [ended, job, queries, shown, undo, watched]);
  return null;
}

function tell(watched: Watched, job: Job, undo: () => void): void {
  if (job.status === "failed") {
    toast.error(`${watched.name} was not imported. ${String(job.error?.["detail"] ?? "")}`);
  } else if (job.status === "completed") {
    const said = String(job.result?.["message"] ?? `${watched.name} is imported.`);
    toast(said, { duration: UNDO_MS, action: { label: "Undo", onClick: undo } });
  }
}

export function WatchedRow({ watched }: { watched: Watched }) {
  const { data: job } = useJob(watched.jobId);
  const { words, done, total } = progressWords(job ?? { status: "queued", progress: {} });
  return (
    <li className="grid gap-1 px-4 py-2">
      <p className="flex items-center justify-between gap-3">
        <span className="truncate text-sm font-medium">Importing {watched.name}</span>
        <Link
          href={projectAddress("data", watched.projectId, { source: watched.sourceId, job: watched.jobId })}
          prefetch={false}
          className="link shrink-0 text-sm"
        >
          Show
        </Link>
      </p>
      <Bar value={done} max={total} label={`Import of ${watched.name}`} />
      <p className="text-xs text-soft">{words}</p>
    </li>
  );
}
