"use client";

import { RotateCcw } from "lucide-react";
import Link from "next/link";
import { useId } from "react";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { projectAddress } from "@/features/projects";
import { isRecord } from "@/lib/problem";
import { typeWord } from "./kind-words";
import { useSheet, useSources, type Sheet } from "./queries";
import { receiptWords, type ColumnWords } from "./receipt-words";

/** How a sheet's file was read when it was imported; it stays with the sheet. */
export function Receipt({ projectId, sheetId }: { projectId: string; sheetId: string }) {
  const sheet = useSheet(sheetId);
  if (sheet.isError) return <Trouble error={sheet.error} again={() => void sheet.refetch()} />;
  if (!sheet.data) return <Skeleton className="h-64 rounded-xl" />;
  return <ReceiptOf projectId={projectId} sheet={sheet.data} />;
}

function ReceiptOf({ projectId, sheet }: { projectId: string; sheet: Sheet }) {
  const receipt = sheet.metadata["receipt"];
  if (!isRecord(receipt)) {
    return <p className="text-sm text-soft">{sheet.name} was not imported from a file, or by an earlier release that kept no receipt.</p>;
  }
  const { facts, notes, columns } = receiptWords(receipt);
  return (
    <div className="grid gap-5">
      <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[max-content_minmax(0,1fr)]">
        {facts.map(([label, value]) => (
          <div key={label} className="grid sm:contents">
            <dt className="text-soft">{label}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {notes.length > 0 && (
        <ul className="grid list-disc gap-1.5 pl-5 text-sm">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {columns.length > 0 && <Columns sheet={sheet.name} columns={columns} />}
      <Again projectId={projectId} sheet={sheet} />
    </div>
  );
}

function Columns({ sheet, columns }: { sheet: string; columns: readonly ColumnWords[] }) {
  const id = useId();
  return (
    <div role="region" aria-labelledby={id} tabIndex={0} className="max-h-96 overflow-auto rounded-lg border border-line">
      <table className="w-full text-sm">
        <caption id={id} className="sr-only">
          Columns of {sheet}, their types and why
        </caption>
        <thead>
          <tr className="text-left">
            {["Column", "Type", "Why"].map((head) => (
              <th key={head} scope="col" className="sticky top-0 border-b border-line bg-panel px-3 py-2 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.name} className="align-top not-last:*:border-b not-last:*:border-line">
              <td className="max-w-48 px-3 py-2 break-words">{column.name}</td>
              <td className="px-3 py-2 whitespace-nowrap">{typeWord(column.type)}</td>
              <td className="min-w-48 px-3 py-2 text-soft">{column.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Again({ projectId, sheet }: { projectId: string; sheet: Sheet }) {
  const sources = useSources(projectId);
  if (!sources.data) return null;
  const source = sources.data.find((s) => s.id === sheet.source_id);
  if (!source) return <p className="text-sm text-soft">The file was deleted; bring it again to import it with other settings.</p>;
  return (
    <Link
      href={projectAddress("data", projectId, { source: source.id, again: sheet.id })}
      prefetch={false}
      className="link inline-flex w-fit items-center gap-2 text-sm"
    >
      <RotateCcw aria-hidden className="size-4" />
      Import again with other settings
    </Link>
  );
}
