"use client";

import { Play } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useSheets } from "@/features/sheets";
import { saying } from "@/lib/problem";
import { rowsWord, tookWord } from "./cells";
import { Chart } from "./chart";
import { dropDraft, keepDraft } from "./code-drafts";
import { completionOf } from "./completion";
import { useRun, useSaveRun, type Ran, type Sheet } from "./queries";
import { RowsTable } from "./rows-table";

const SqlEditor = lazy(() => import("./sql-editor").then((loaded) => ({ default: loaded.SqlEditor })));

interface CodeRunnerProps {
  sheet: Sheet;
  /** The code as it stands now. */
  draft: string;
}

/** The code of a result to change and run; nothing is kept until it is saved. */
export function CodeRunner({ sheet, draft: code }: CodeRunnerProps) {
  const sheets = useSheets(sheet.project_id);
  const [given] = useState(code);
  const run = useRun(sheet.id);
  const save = useSaveRun(sheet);
  const fresh = run.data !== undefined && run.variables === code;
  const keep = (): void =>
    save.mutate(code, {
      onSuccess: ({ version }) => {
        toast.success(`Saved as version ${version}.`);
        dropDraft(sheet.id);
      },
      onError: (error) => toast.error(saying(error)),
    });
  return (
    <div className="grid max-w-4xl gap-3">
      <Suspense fallback={<Skeleton className="h-40" />}>
        {sheets.isPending ? (
          <Skeleton className="h-40" />
        ) : (
          <SqlEditor
            label={`SQL of ${sheet.name}`}
            text={given}
            onText={(text) => keepDraft(sheet.id, text)}
            onRun={(text) => run.mutate(text)}
            completion={completionOf(sheets.data ?? [])}
          />
        )}
      </Suspense>
      <div className="flex flex-wrap items-center gap-2">
        <Button look={fresh ? "plain" : "primary"} busy={run.isPending} disabled={code.trim() === ""} onClick={() => run.mutate(code)}>
          {!run.isPending && <Play aria-hidden className="size-4" />}
          Run
        </Button>
        <Button look={fresh ? "primary" : "plain"} busy={save.isPending} disabled={!fresh || !keepable(sheet, run.data)} onClick={keep}>
          Save as new version
        </Button>
        <Button look="quiet" onClick={() => dropDraft(sheet.id)}>
          Cancel
        </Button>
        <p className="hidden text-xs text-soft sm:block">
          <kbd className="key">Ctrl</kbd> <kbd className="key">Enter</kbd> runs it.
        </p>
      </div>
      <div aria-live="polite">
        {run.isError && (
          <p role="alert" className="rounded-lg border border-line bg-bad-tint p-3 text-sm break-words whitespace-pre-wrap">
            {saying(run.error)}
          </p>
        )}
        {run.data && !run.isError && <Preview sheet={sheet} ran={run.data} />}
      </div>
    </div>
  );
}

function keepable(sheet: Sheet, ran: Ran | undefined): boolean {
  return ran !== undefined && (sheet.type === "table" || ran.figure !== null);
}

function Preview({ sheet, ran }: { sheet: Sheet; ran: Ran }) {
  const { headers, types, data, total, duration_ms, figure } = ran;
  return (
    <section aria-label="What the code gives" className="grid gap-3">
      <p className="text-sm text-soft">
        {rowsWord(total)} in {tookWord(duration_ms)}. Nothing is saved yet.
      </p>
      {figure !== null && <Chart figure={figure} title={sheet.name} className="h-72" />}
      {sheet.type === "chart" && figure === null && (
        <p className="text-sm text-soft">
          The chart's values can't be traced to columns of this result, so it can't be drawn anew. Ask for a new chart in the chat.
        </p>
      )}
      <RowsTable
        label="Rows of the preview"
        headers={headers}
        types={types}
        data={data}
        className="max-h-96 rounded-lg border border-line bg-raised"
      />
      {total > data.length && (
        <p className="text-xs text-soft">
          The first {data.length} of {rowsWord(total)}.
        </p>
      )}
    </section>
  );
}
