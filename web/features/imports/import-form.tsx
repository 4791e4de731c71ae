"use client";

import { useReducer, useState } from "react";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { Problem, saying } from "@/lib/problem";
import { clashes, fullSheets, isTaken, loadOf, nextChoices, targetName, usualInto, type Choices } from "./choices";
import { useReading, useStartImport, useTargets, type Job, type SheetReading } from "./queries";
import { Findings, ReadingSettings } from "./reading-settings";
import { SavePanel, type TargetRow } from "./save-panel";
import { SheetTable } from "./sheet-table";
import type { Source } from "./upload-state";
import { useLast } from "./use-last";
import { number } from "@/lib/words";

interface ImportFormProps {
  projectId: string;
  source: Source;
  /** Where it starts: nothing chosen, or what an earlier import had. */
  from: Choices;
  onStarted: (job: Job) => void;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** What is in a file, how it is read, and where it shall go. */
export function ImportForm({ projectId, source, from, onStarted }: ImportFormProps) {
  const [choices, choose] = useReducer(nextChoices, from);
  const [tab, setTab] = useState<string | null>(null);
  const reading = useReading(projectId, source.id, loadOf(choices));
  const sheets = useLast(reading.data)?.sheets;
  if (!sheets) {
    return reading.isError ? <Trouble error={reading.error} again={() => void reading.refetch()} /> : <Waiting />;
  }
  const full = fullSheets(sheets);
  const sheet = sheets.find((s) => s.name === tab) ?? full[0] ?? sheets[0];
  if (!sheet) return <p className="text-soft">The file has no sheet.</p>;
  return (
    <div className="grid items-start gap-x-6 gap-y-5 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="grid min-w-0 gap-3 lg:col-span-2">
        <ReadingSettings sheet={sheet} choices={choices} choose={choose} />
        {reading.isError && <NotSo error={reading.error} />}
        <Findings sheet={sheet} sheets={sheets} />
      </div>
      <div className="grid min-w-0 gap-2">
        <div className="min-w-0 rounded-xl border border-line bg-raised">
          {sheets.length > 1 && <Tabs sheets={sheets} current={sheet.name} choices={choices} onTab={setTab} />}
          {sheet.columns.length === 0 ? (
            <p className="p-6 text-sm text-soft">This sheet is empty: there is nothing to import.</p>
          ) : (
            <SheetTable
              key={sheet.name}
              sheet={sheet}
              chosen={choices.sheets.get(sheet.name)?.types ?? NONE}
              onType={(column, value) => choose({ type: "type", sheet: sheet.name, column, value })}
              busy={reading.isPlaceholderData}
            />
          )}
        </div>
        <p className="text-xs text-soft">{extent(sheet)}</p>
      </div>
      <Saving {...{ projectId, source, choices, choose, sheets, onStarted }} readable={!reading.isError} />
    </div>
  );
}

interface SavingProps extends Omit<ImportFormProps, "from"> {
  choices: Choices;
  choose: Parameters<typeof SavePanel>[0]["choose"];
  sheets: readonly SheetReading[];
  /** Whether the file can be read as it is chosen. */
  readable: boolean;
}

function Saving({ projectId, source, choices, choose, sheets, readable, onStarted }: SavingProps) {
  const { datasets, sheets: there } = useTargets(projectId);
  const start = useStartImport();
  const [retryKey, setRetryKey] = useState(newKey);
  if (!datasets.data || !there.data) {
    const failed = [datasets, there].find((q) => q.isError);
    return failed ? <Trouble error={failed.error} again={() => void failed.refetch()} /> : <Skeleton className="h-72 rounded-xl" />;
  }
  const full = fullSheets(sheets);
  const into = choices.into ?? usualInto(source, sheets, datasets.data);
  const taken = full.filter((s) => isTaken(choices, s.name));
  const targets = new Map(taken.map((s) => [s.name, targetName(choices, source, full, s.name)] as const));
  const notes = clashes(targets, into, there.data, source.id, choices.newVersions);
  const rows: TargetRow[] = full.map(({ name }) => ({
    sheet: name,
    name: targetName(choices, source, full, name),
    taken: targets.has(name),
    note: notes.get(name) ?? null,
  }));
  const asked = into.kind === "new" ? into.name.trim() : (datasets.data.find((d) => d.id === into.id)?.name ?? "");
  const same = into.kind === "new" && datasets.data.find((d) => d.name.toLowerCase() === asked.toLowerCase());
  const exists = start.error instanceof Problem && start.error.code === "dataset_exists";

  async function go() {
    const save = {
      createNewDataset: into.kind === "new",
      datasetName: asked,
      selectedSheets: Object.fromEntries(targets),
      newVersions: choices.newVersions,
    };
    try {
      onStarted(await start.mutateAsync({ projectId, sourceId: source.id, load: loadOf(choices), save, retryKey }));
    } catch (error) {
      if (error instanceof Problem && error.code === "dataset_exists") await datasets.refetch();
      if (!(error instanceof Problem && error.passing)) setRetryKey(newKey());
    }
  }

  return (
    <SavePanel
      rows={rows}
      into={into}
      datasets={datasets.data}
      refused={start.isError ? saying(start.error) : null}
      onInto={exists && same ? () => (start.reset(), choose({ type: "into", into: { kind: "old", id: same.id } })) : null}
      busy={start.isPending}
      readable={readable}
      newVersions={choices.newVersions}
      choose={(event) => (start.reset(), choose(event))}
      onImport={() => void go()}
    />
  );
}

interface TabsProps {
  sheets: readonly SheetReading[];
  current: string;
  choices: Choices;
  onTab: (name: string) => void;
}

function Tabs({ sheets, current, choices, onTab }: TabsProps) {
  return (
    <div role="group" aria-label="Sheets of the file" className="flex gap-1 overflow-x-auto border-b border-line p-1.5">
      {sheets.map((sheet) => (
        <button
          key={sheet.name}
          type="button"
          aria-pressed={sheet.name === current}
          onClick={() => onTab(sheet.name)}
          className={cn(
            "min-h-9 shrink-0 rounded-md px-3 text-sm",
            sheet.name === current ? "bg-tint font-medium text-accent" : "text-soft hover:bg-hover",
            (!isTaken(choices, sheet.name) || sheet.columns.length === 0) && "line-through decoration-1",
          )}
        >
          {sheet.name}
        </button>
      ))}
    </div>
  );
}

function NotSo({ error }: { error: unknown }) {
  return (
    <p role="alert" className="rounded-lg bg-bad-tint p-3 text-sm">
      {wordsOf(error)} Below is how it was read before.
    </p>
  );
}

function wordsOf(error: unknown): string {
  if (error instanceof Problem && error.code === "type_does_not_fit") {
    return "Not every value of that column is of the type that you chose. Choose Text, or go back to what was found.";
  }
  return saying(error);
}

function extent(sheet: SheetReading): string {
  const columns = `${number(sheet.columns.length)} ${sheet.columns.length === 1 ? "column" : "columns"}`;
  if (sheet.rows === null) return `The first ${sheet.data.length} rows, ${columns}.`;
  const rows = sheet.exact ? number(sheet.rows) : `about ${number(sheet.rows)}`;
  return sheet.exact && sheet.rows <= sheet.data.length
    ? `${rows} rows, ${columns}.`
    : `The first ${sheet.data.length} of ${rows} rows, ${columns}.`;
}

function Waiting() {
  return (
    <div role="status" aria-label="The file is being read" className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="grid gap-4">
        <Skeleton className="h-16" />
        <Skeleton className="h-[50dvh] rounded-xl" />
      </div>
      <Skeleton className="h-72 rounded-xl" />
    </div>
  );
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
}
