"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useEffect } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { projectAddress } from "@/features/projects";
import { saying } from "@/lib/problem";
import { progressWords } from "./progress-words";
import { hasEnded, mayChange, sheetsOf, useCancelJob, useJob, useSheet, useUndoImport, type Job } from "./queries";
import { Receipt } from "./receipt";
import { Bar } from "./upload-row";

interface ImportProgressProps {
  projectId: string;
  jobId: string;
  /** Back to the choices. */
  onBack: () => void;
}

/** An import under way, then what it made. */
export function ImportProgress({ projectId, jobId, onBack }: ImportProgressProps) {
  const job = useJob(jobId);
  const ended = job.data !== undefined && hasEnded(job.data);
  const queries = useQueryClient();
  useEffect(() => {
    // Lists of sheets and of files are others' too.
    if (ended) void queries.invalidateQueries({ predicate: mayChange });
  }, [ended, queries]);

  if (job.isError) return <Trouble error={job.error} again={() => void job.refetch()} />;
  if (!job.data) return <Skeleton className="h-40 rounded-xl" />;
  switch (job.data.status) {
    case "completed":
      return <Done projectId={projectId} job={job.data} onBack={onBack} />;
    case "failed":
      return <Ended words={String(job.data.error?.["detail"] ?? "The import failed.")} onBack={onBack} />;
    case "cancelled":
      return <Ended words="The import was cancelled. Nothing of it is left." onBack={onBack} />;
    default:
      return <UnderWay job={job.data} />;
  }
}

function UnderWay({ job }: { job: Job }) {
  const cancel = useCancelJob();
  const { title, words, done, total } = progressWords(job);
  return (
    <section aria-label="Import" className="grid max-w-xl gap-4 rounded-xl border border-line bg-raised p-6">
      <h2 className="display text-xl">{title}</h2>
      <Bar value={done} max={total} label="Import" />
      <p className="text-sm text-soft">{words}</p>
      <p className="text-sm text-soft">You may leave this screen: it goes on.</p>
      <div>
        <Button
          busy={cancel.isPending}
          onClick={() => cancel.mutate(job.id, { onError: (error) => void toast.error(saying(error)) })}
        >
          Cancel
        </Button>
      </div>
    </section>
  );
}

function Ended({ words, onBack }: { words: string; onBack: () => void }) {
  return (
    <div role="alert" className="max-w-xl rounded-xl border border-line bg-bad-tint p-6">
      <p>{words}</p>
      <Button className="mt-4" onClick={onBack}>
        Back to the choices
      </Button>
    </div>
  );
}

function Done({ projectId, job, onBack }: { projectId: string; job: Job; onBack: () => void }) {
  const sheets = sheetsOf(job);
  const undo = useUndoImport();
  const skipped = Array.isArray(job.result?.["skipped"]) ? job.result["skipped"].map(String) : [];
  return (
    <div className="grid gap-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <p role="status" className="flex min-w-0 flex-1 items-center gap-2.5 text-lg">
          <CircleCheck aria-hidden className="size-5 shrink-0 text-good" />
          {String(job.result?.["message"] ?? "Imported.")}
        </p>
        <Button look="quiet" busy={undo.isPending} onClick={() => undo.mutate(job, { onSuccess: onBack, onError: (e) => void toast.error(saying(e)) })}>
          Undo the import
        </Button>
      </div>
      {skipped.length > 0 && <p className="text-sm text-soft">Left out as empty: {skipped.join(", ")}.</p>}
      {sheets.map(([name, id]) => (
        <section key={id} aria-labelledby={`receipt-${id}`} className="rounded-xl border border-line bg-raised p-5">
          <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
            <h2 id={`receipt-${id}`} className="display min-w-0 text-xl break-words">
              {name}
            </h2>
            <OpenSheet projectId={projectId} sheetId={id} />
          </div>
          <Receipt projectId={projectId} sheetId={id} />
        </section>
      ))}
    </div>
  );
}

function OpenSheet({ projectId, sheetId }: { projectId: string; sheetId: string }) {
  const { data: sheet } = useSheet(sheetId);
  if (!sheet) return null;
  return (
    <Link
      href={projectAddress("data", projectId, { s: sheet.address })}
      prefetch={false}
      className="inline-flex min-h-9 items-center rounded-md bg-accent px-3.5 text-sm font-medium text-on-accent hover:bg-accent-hover"
    >
      Open the sheet
    </Link>
  );
}
