"use client";

import { Printer } from "lucide-react";
import { Button } from "@/components/ui/button";
import { SheetGrid } from "@/features/grid";
import { printedWord } from "./cells";
import type { Sheet } from "./queries";
import { RowsTable } from "./rows-table";

/** A version of a table in the grid, and its first rows on paper. */
export function TableView({ sheet, version }: { sheet: Sheet; version: number }) {
  return (
    <SheetGrid
      projectId={sheet.project_id}
      name={sheet.address}
      version={version}
      actions={
        <Button look="quiet" title="Print or save as PDF" className="px-2.5!" onClick={() => print()}>
          <Printer aria-hidden className="size-4" />
          <span className="max-sm:sr-only">Print</span>
        </Button>
      }
      paper={({ headers, types, data, total, isNarrowed }) => (
        <>
          <p className="mb-2 text-xs text-soft">{printedWord(data.length, total, isNarrowed)}</p>
          <RowsTable label={sheet.name} headers={headers} types={types} data={data} />
        </>
      )}
    />
  );
}
