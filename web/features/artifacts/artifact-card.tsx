"use client";

import { ChartColumn, FileText, PanelRightOpen, Table2, type LucideIcon } from "lucide-react";
import { useMemo } from "react";
import { Boundary } from "@/components/ui/boundary";
import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { artifactOf, type Artifact, type ArtifactType, type TableHead } from "./artifact";
import { rowsWord } from "./cells";
import { Chart } from "./chart";
import { RowsTable } from "./rows-table";

export const ICONS: Readonly<Record<ArtifactType, LucideIcon>> = { table: Table2, chart: ChartColumn, report: FileText };
const ROWS = 8;
const LINES = 4;

interface ArtifactCardProps {
  projectId: string;
  /** The metadata of a piece of the kind `artifact`. */
  artifact: unknown;
  onOpen: (sheetId: string) => void;
}

/** What an answer produced, in its place in the chat. */
export function ArtifactCard({ artifact: metadata, onOpen }: ArtifactCardProps) {
  const artifact = useMemo(() => artifactOf(metadata), [metadata]);
  if (artifact === null) return <p className="text-sm text-soft">This result can't be shown.</p>;
  const { type, title, sheet, sheetId, provenance } = artifact;
  const Icon = ICONS[type];
  return (
    <section role="group" aria-label={title} className="min-w-0 overflow-hidden rounded-xl border border-line bg-raised">
      <header className="flex items-center gap-3 border-b border-line py-2 pr-2 pl-4">
        <Icon aria-hidden className="size-4 shrink-0 text-accent" />
        <div className="min-w-0 flex-1">
          <h3 className="truncate text-sm font-medium" title={title}>
            {title}
          </h3>
          {sheet !== null && <p className="truncate text-xs text-soft">{sheet}</p>}
        </div>
        {sheetId !== null && (
          <Button look="quiet" aria-label={`Open ${title}`} onClick={() => onOpen(sheetId)}>
            <PanelRightOpen aria-hidden className="size-4" />
            Open
          </Button>
        )}
      </header>
      <Boundary region={`The ${type}`}>
        <Inside artifact={artifact} />
      </Boundary>
      {sheetId === null && (
        <div className="border-t border-line px-4 py-2.5 text-sm text-soft">
          <p>This {type} was not kept as a sheet.</p>
          {provenance !== null && provenance.code !== "" && (
            <details className="mt-1">
              <summary className="min-h-6 cursor-pointer">The code behind it</summary>
              <Code className="mt-2" text={provenance.code} language={provenance.language} />
            </details>
          )}
        </div>
      )}
    </section>
  );
}

function Inside({ artifact }: { artifact: Artifact }) {
  if (artifact.type === "chart") {
    return (
      <div className="p-3">
        <Chart figure={artifact.chart} title={artifact.title} className="h-64 sm:h-80" />
      </div>
    );
  }
  if (artifact.type === "table" && artifact.table !== null) return <Head title={artifact.title} table={artifact.table} />;
  if (artifact.text !== null) {
    return (
      <p className="p-4 text-sm whitespace-pre-line text-soft">{firstLines(artifact.text, artifact.title)}</p>
    );
  }
  return <p className="p-4 text-sm text-soft">Open it to see what it holds.</p>;
}

function Head({ title, table }: { title: string; table: TableHead }) {
  const rows = table.data.slice(0, ROWS);
  return (
    <>
      <RowsTable label={`Rows of ${title}`} headers={table.headers} types={table.types} data={rows} />
      {table.total > rows.length && (
        <p className="border-t border-line px-3 py-2 text-xs text-soft">
          The first {rows.length} of {rowsWord(table.total)}.
        </p>
      )}
    </>
  );
}

/** A report's first lines without its mark-up. */
export function firstLines(markdown: string, title: string): string {
  return markdown
    .split("\n")
    .map((line) => line.replace(/!\[[^\]]*\]\([^)]*\)/g, "").replace(/^[#>\s*-]+/, "").replace(/[*_`]/g, "").trim())
    .filter((line) => line !== "" && line !== title)
    .slice(0, LINES)
    .join("\n");
}
