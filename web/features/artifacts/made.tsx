"use client";

import { Pencil, RefreshCw } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { projectAddress } from "@/features/projects";
import { useUser } from "@/features/session/hooks";
import { useSheets } from "@/features/sheets";
import { longDate, sinceWhen } from "@/lib/dates";
import { saying } from "@/lib/problem";
import type { Provenance, SheetRead } from "./artifact";
import { tookWord } from "./cells";
import { keepDraft, useDraft } from "./code-drafts";
import { CodeRunner } from "./code-runner";
import { useSaveRun, type Sheet } from "./queries";
import { behind, type Behind } from "./stale";
import { useMay } from "./use-may";
import { byWord } from "./versions-said";

const LANGUAGES: Readonly<Record<string, string>> = { sql: "SQL", python: "Python", markdown: "Markdown" };
const ENGINES: Readonly<Record<string, string>> = { duckdb: "DuckDB", pandas: "pandas", polars: "Polars" };

interface MadeProps {
  sheet: Sheet;
  provenance: Provenance;
  at: string;
  /** It is a version that is not the current one. */
  old: boolean;
}

/** How a result was made: the code, what ran it, and the sheets that it read. */
export function Made({ sheet, provenance, at, old }: MadeProps) {
  const draft = useDraft(sheet.id);
  const may = useMay(sheet.project_id);
  const user = useUser();
  const sheets = useSheets(sheet.project_id);
  const { code, language, engine, durationMs, chatId, reads } = provenance;
  const stale = sheets.data && !old ? behind(provenance, sheets.data) : [];
  const runnable = language === "sql" && may && !old;
  if (runnable && draft !== undefined) return <CodeRunner sheet={sheet} draft={draft} />;
  return (
    <div className="grid max-w-4xl gap-5">
      {stale.length > 0 && <Renew sheet={sheet} code={code} stale={stale} runnable={runnable} />}
      {code !== "" && (
        <div className="grid gap-2">
          <Code text={code} language={language} />
          {runnable && (
            <Button className="justify-self-start" onClick={() => keepDraft(sheet.id, code)}>
              <Pencil aria-hidden className="size-4" />
              Edit and run
            </Button>
          )}
          {language !== "sql" && (
            <p className="text-sm text-soft">
              {LANGUAGES[language] ?? language} can't be run again here yet. Copy it to run it elsewhere.
            </p>
          )}
        </div>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">
        {code !== "" && <Fact name="Language">{LANGUAGES[language] ?? language}</Fact>}
        {engine !== "" && <Fact name="Ran by">{ENGINES[engine] ?? engine}</Fact>}
        <Fact name="Written by">{byWord(provenance, user.id)}</Fact>
        <Fact name="Made">
          <time dateTime={at} title={new Date(at).toLocaleString("en")}>
            {longDate(at)}, {sinceWhen(at)}
          </time>
        </Fact>
        {code !== "" && durationMs !== null && <Fact name="Took">{tookWord(durationMs)}</Fact>}
        {chatId !== null && (
          <Fact name="Asked in">
            <Link href={projectAddress("chat", sheet.project_id, { c: chatId })} prefetch={false} className="link">
              its chat
            </Link>
          </Fact>
        )}
      </dl>
      <Sources projectId={sheet.project_id} reads={reads} />
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function Sources({ projectId, reads }: { projectId: string; reads: readonly SheetRead[] }) {
  const sheets = useSheets(projectId);
  return (
    <section aria-labelledby="sheets-read">
      <h3 id="sheets-read" className="text-sm font-medium">
        Sheets read
      </h3>
      {reads.length === 0 && <p className="mt-1 text-sm text-soft">None.</p>}
      <ul className="mt-2 grid gap-1 empty:hidden">
        {reads.map((read) => {
          const isTable = sheets.data?.find(({ id }) => id === read.sheetId)?.type === "table";
          const number = String(read.version);
          return (
            <li key={read.sheetId}>
              <Link
                href={
                  isTable
                    ? projectAddress("data", projectId, { s: read.sheet, n: number })
                    : projectAddress("artifact", projectId, { a: read.sheetId, n: number })
                }
                prefetch={false}
                className="-mx-2 flex min-h-9 flex-wrap items-center gap-x-3 rounded-md px-2 text-sm hover:bg-hover"
              >
                <span className="link">{read.sheet}</span>
                <span className="text-soft">version {number}</span>
                <code className="text-xs text-soft" title={`Content hash ${read.contentHash}`}>
                  {read.contentHash.slice(0, 12)}
                </code>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface RenewProps {
  sheet: Sheet;
  code: string;
  stale: readonly Behind[];
  runnable: boolean;
}

/** Offers the same code over the newest data. */
function Renew({ sheet, code, stale, runnable }: RenewProps) {
  const save = useSaveRun(sheet);
  const whole = stale.every(({ now }) => now !== null);
  return (
    <section aria-label="Older data" className="rounded-lg border border-line bg-panel p-3 text-sm">
      <h3 className="font-medium text-warn">Made from older data</h3>
      <ul className="mt-1 grid gap-0.5">
        {stale.map(({ read, now }) => (
          <li key={read.sheetId}>
            {now === null ? `${read.sheet} is not here any more.` : `${read.sheet}: version ${read.version} was read, version ${now} is there now.`}
          </li>
        ))}
      </ul>
      {runnable && whole && (
        <Button
          className="mt-3"
          busy={save.isPending}
          onClick={() =>
            save.mutate(code, {
              onSuccess: ({ version }) => toast.success(`Run again: version ${version} is the current one.`),
              onError: (error) => toast.error(saying(error)),
            })
          }
        >
          {!save.isPending && <RefreshCw aria-hidden className="size-4" />}
          Run again on the newest data
        </Button>
      )}
    </section>
  );
}
