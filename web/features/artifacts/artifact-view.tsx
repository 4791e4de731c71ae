"use client";

import { Tabs } from "radix-ui";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { provenanceOf } from "./artifact";
import { rowsWord } from "./cells";
import { Chart } from "./chart";
import { Made } from "./made";
import { useDocument, useHead, type Sheet } from "./queries";
import { RowsTable } from "./rows-table";

const NAMES = { table: "Table", chart: "Chart", report: "Report" } as const;
const TAB =
  "-mb-px min-h-10 border-b-2 border-transparent px-1 text-sm text-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink";

/** The tabs of a result. */
export function ArtifactView({ sheet }: { sheet: Sheet }) {
  const provenance = provenanceOf(sheet.metadata);
  return (
    <Tabs.Root defaultValue="it" className="flex min-h-0 flex-1 flex-col">
      <Tabs.List aria-label="Parts of the result" className="flex gap-5 border-b border-line px-4 print:hidden">
        <Tabs.Trigger value="it" className={TAB}>
          {NAMES[sheet.type]}
        </Tabs.Trigger>
        {provenance !== null && (
          <Tabs.Trigger value="code" className={TAB}>
            Code
          </Tabs.Trigger>
        )}
      </Tabs.List>
      <Tabs.Content value="it" className="min-h-0 flex-1 overflow-auto">
        {sheet.type === "table" ? <Table sheet={sheet} /> : <Document sheet={sheet} />}
      </Tabs.Content>
      {provenance !== null && (
        <Tabs.Content value="code" className="min-h-0 flex-1 overflow-auto p-4">
          <Made provenance={provenance} at={sheet.created_at} />
        </Tabs.Content>
      )}
    </Tabs.Root>
  );
}

function Table({ sheet }: { sheet: Sheet }) {
  const head = useHead(sheet);
  if (head.isPending) return <Skeleton className="m-4 h-80" />;
  if (head.isError) return <Failed error={head.error} again={() => void head.refetch()} />;
  const { headers, types, data, total } = head.data;
  return (
    <>
      <RowsTable label={`Rows of ${sheet.name}`} headers={headers} types={types} data={data} />
      {total > data.length && (
        <p className="px-3 py-2 text-xs text-soft">
          The first {data.length} of {rowsWord(total)}.
        </p>
      )}
    </>
  );
}

function Document({ sheet }: { sheet: Sheet }) {
  const document = useDocument(sheet);
  if (document.isPending) return <Skeleton className="m-4 h-80" />;
  if (document.isError) return <Failed error={document.error} again={() => void document.refetch()} />;
  if (sheet.type === "report") return <pre className="p-4 whitespace-pre-wrap">{String(document.data)}</pre>;
  return (
    <div className="p-4">
      <Chart figure={document.data} title={sheet.name} className="h-72 sm:h-96" />
    </div>
  );
}

function Failed({ error, again }: { error: unknown; again: () => void }) {
  return (
    <div className="p-4">
      <Trouble error={error} again={again} />
    </div>
  );
}
