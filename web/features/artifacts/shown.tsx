"use client";

import { Boundary } from "@/components/ui/boundary";
import { Skeleton } from "@/components/ui/skeleton";
import { MOST_PRINTED } from "@/features/grid";
import { useSheets } from "@/features/sheets";
import { usePrinting } from "@/lib/printing";
import { printedWord, rowsWord } from "./cells";
import { Chart } from "./chart";
import { Failed } from "./failed";
import { useDocument, useHead, type Sheet } from "./queries";
import { RowsTable } from "./rows-table";

const ROWS = 20;
const FRAME = "my-5 min-w-0";

interface ShownProps {
  projectId: string;
  name: string;
  title: string;
  /** The version that the report was written over; null where it does not say. */
  version: number | null;
}

/** A table or chart that a report shows, as it was when the report was written. */
export function Shown({ projectId, name, title, version }: ShownProps) {
  const sheets = useSheets(projectId);
  const sheet = sheets.data?.find((one) => one.address.toLowerCase() === name.toLowerCase());
  if (sheets.isPending) return <Skeleton className="my-5 h-72" />;
  if (sheets.isError) return <Failed error={sheets.error} again={() => void sheets.refetch()} />;
  if (sheet === undefined || sheet.type === "report") {
    return <p className="my-5 rounded-lg border border-line bg-panel p-3 text-sm text-soft">{name} is not here any more.</p>;
  }
  const number = version ?? sheet.version;
  return (
    <Boundary region={title || sheet.name}>
      {sheet.type === "chart" ? (
        <ShownChart sheet={sheet} version={number} title={title || sheet.name} />
      ) : (
        <ShownTable sheet={sheet} version={number} title={title || sheet.name} />
      )}
    </Boundary>
  );
}

interface OneProps {
  sheet: Sheet;
  version: number;
  title: string;
}

function ShownChart({ sheet, version, title }: OneProps) {
  const document = useDocument(sheet, version);
  if (document.isError) return <Failed error={document.error} again={() => void document.refetch()} />;
  return (
    <div className={FRAME}>
      <p className="mb-1 text-sm font-medium">{title}</p>
      {document.isPending ? <Skeleton className="h-72" /> : <Chart figure={document.data} title={title} className="h-72" />}
    </div>
  );
}

function ShownTable({ sheet, version, title }: OneProps) {
  const isPrinting = usePrinting();
  const head = useHead(sheet, version, ROWS);
  // Ahead: a browser that prints waits for nobody.
  const more = useHead(sheet, version, MOST_PRINTED, (head.data?.total ?? 0) > ROWS);
  if (head.isPending) return <Skeleton className="my-5 h-72" />;
  if (head.isError) return <Failed error={head.error} again={() => void head.refetch()} />;
  const { headers, types, data, total } = isPrinting && more.data ? more.data : head.data;
  return (
    <div className={FRAME}>
      <p className="mb-1 text-sm font-medium">{title}</p>
      <RowsTable label={title} headers={headers} types={types} data={data} className="rounded-lg border border-line bg-raised" />
      {isPrinting && <p className="mt-1 text-xs text-soft">{printedWord(data.length, total)}</p>}
      {!isPrinting && total > data.length && (
        <p className="mt-1 text-xs text-soft">
          The first {data.length} of {rowsWord(total)}.
        </p>
      )}
    </div>
  );
}
