"use client";

import { ChevronRight, Database, LoaderCircle, TriangleAlert } from "lucide-react";
import { useId, useState } from "react";
import { cn } from "@/components/ui/cn";
import { Code } from "@/components/ui/code";
import type { Step, Table } from "./items";
import { cellText, duration, stepCode, stepWords } from "./steps";

const ROWS = 10;

/** What the agent did: one line, which opens to the code and what came of it. */
export function StepRow({ step, stopped }: { step: Step; stopped: boolean }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="text-sm">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="-mx-2 flex min-h-9 max-w-full items-center gap-2 rounded-md px-2 text-left text-soft hover:bg-hover hover:text-ink"
      >
        <StepIcon step={step} stopped={stopped} />
        <span className="min-w-0 truncate">{stepWords(step)}</span>
        <span className="shrink-0 text-xs tabular-nums">{outcome(step, stopped)}</span>
        <ChevronRight aria-hidden className={cn("size-3.5 shrink-0 transition-transform", open && "rotate-90")} />
      </button>
      <div id={id} hidden={!open} className="mt-1 mb-2">
        {open && <Inside step={step} />}
      </div>
    </div>
  );
}

function StepIcon({ step: { result }, stopped }: { step: Step; stopped: boolean }) {
  if (result === null && !stopped) return <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-accent" />;
  if (result?.ok === false) return <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />;
  return <Database aria-hidden className="size-4 shrink-0" />;
}

function outcome({ result }: Step, stopped: boolean): string {
  if (result === null) return stopped ? "not finished" : "";
  if (!result.ok) return "did not work";
  const rows = result.table ? `${result.table.total.toLocaleString("en")} row${result.table.total === 1 ? "" : "s"}` : result.text;
  return isShort(rows) ? `${rows} · ${duration(result.ms)}` : duration(result.ms);
}

/** What fits into the line needs no place of its own. */
function isShort(text: string): boolean {
  return text !== "" && text.length <= 24 && !text.includes("\n");
}

function Inside({ step: { input, result } }: { step: Step }) {
  const code = stepCode(input);
  return (
    <div className="grid gap-2">
      {code && <Code text={code.text} language={code.language} />}
      {result?.table && <ResultTable table={result.table} />}
      {result && !result.table && result.text !== "" && !(result.ok && isShort(result.text)) && (
        <pre
          tabIndex={0}
          role="group"
          aria-label="What came of it"
          className="max-h-72 overflow-auto rounded-lg border border-line px-4 py-3 text-sm whitespace-pre-wrap"
        >
          {result.text}
        </pre>
      )}
    </div>
  );
}

function ResultTable({ table: { headers, rows, total } }: { table: Table }) {
  const shown = rows.slice(0, ROWS);
  return (
    <div tabIndex={0} role="group" aria-label="Rows of the result" className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full text-sm tabular-nums">
        <thead className="bg-panel">
          <tr>
            {headers.map((header, at) => (
              <th key={at} scope="col" className="px-3 py-1.5 text-left font-medium whitespace-nowrap">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, at) => (
            <tr key={at} className="border-t border-line">
              {headers.map((_, cell) => (
                <td
                  key={cell}
                  className={cn("max-w-72 truncate px-3 py-1.5", typeof row[cell] === "number" && "text-right")}
                >
                  {cellText(row[cell])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {total > shown.length && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-soft">
          The first {shown.length} of {total.toLocaleString("en")} rows.
        </p>
      )}
    </div>
  );
}
