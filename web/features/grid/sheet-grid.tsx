"use client";

import { EyeOff, Table2 } from "lucide-react";
import { useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { useSheets } from "@/features/sheets";
import { ColumnsMenu } from "./columns-menu";
import { ExportMenu } from "./export-menu";
import { FilterChips } from "./filter-chips";
import { Grid } from "./grid";
import { GRID_ID, GridBar } from "./grid-bar";
import type { Pages } from "./pages";
import { usePages } from "./queries";
import { usePaper, type PaperRows } from "./use-paper";
import { narrows, PLAIN, type Column, type View } from "./view";

interface SheetGridProps {
  projectId: string;
  /** `dataset.Sheet` */
  name: string;
  /** An older version; the current one where none is named. */
  version?: number;
  /** Where the view is kept elsewhere, as in the address. */
  view?: View;
  onView?: (view: View) => void;
  /** More for the bar above the grid. */
  actions?: ReactNode;
  /** Draws rows for a printed page, where the grid would show those in sight. */
  paper?: (rows: PaperRows) => ReactNode;
}

/** A sheet's rows: sorted, filtered, searched and selected; fills what it stands in. */
export function SheetGrid({ projectId, name, version, view: given, onView, actions, paper }: SheetGridProps) {
  const sheets = useSheets(projectId);
  const sheet = sheets.data?.find((one) => one.address.toLowerCase() === name.toLowerCase());
  const [own, setOwn] = useState<View>(PLAIN);
  if (sheets.isPending) return <Skeleton className="m-4 h-64" />;
  if (sheets.isError) return <Trouble error={sheets.error} again={() => void sheets.refetch()} />;
  if (!sheet) return <Missing />;
  const shown = version ?? sheet.version;
  return (
    <Rows
      key={`${sheet.id}:${shown}`}
      sheetId={sheet.id}
      projectId={projectId}
      name={sheet.address}
      version={shown}
      columns={shown === sheet.version ? sheet.columns : []}
      rows={shown === sheet.version ? sheet.rows : null}
      view={given ?? own}
      onView={onView ?? setOwn}
      actions={actions}
      paper={paper}
    />
  );
}

function Missing() {
  return (
    <Empty icon={Table2} title="This sheet is not here">
      It was deleted, moved or renamed; what was deleted can be brought back. The link may also be cut off.
    </Empty>
  );
}

/** In place of a grid without a single cell. */
function AllHidden({ pages, onShow }: { pages: Pages; onShow: () => void }) {
  // How many rows there are is said above all the same.
  useEffect(() => pages.want(0, 1), [pages]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <Empty icon={EyeOff} title="All columns are hidden" action={<Button onClick={onShow}>Show them</Button>}>
        The rows are here as before.
      </Empty>
    </div>
  );
}

interface RowsProps {
  sheetId: string;
  projectId: string;
  name: string;
  version: number;
  /** What is known before the first page is there. */
  columns: readonly Column[];
  rows: number | null;
  view: View;
  onView: (view: View) => void;
  actions: ReactNode;
  paper: SheetGridProps["paper"];
}

function Rows({ sheetId, projectId, name, version, columns: told, rows, view, onView, actions, paper }: RowsProps) {
  const source = useMemo(() => ({ projectId, name, version }), [projectId, name, version]);
  const pages = usePages(source, view);
  const known = useSyncExternalStore(pages.subscribe, pages.snapshot, pages.snapshot);
  const columns = known.headers.length > 0 ? known.headers.map((header, n) => ({ name: header, type: known.types[n] ?? "VARCHAR" })) : told;
  const total = known.total ?? (narrows(view) ? null : rows);
  const printed = usePaper({ pages, columns, view, total: known.total }, paper !== undefined);
  const [opened, setOpened] = useState<string | null>(null);
  const onOpen = (column: string | null) => {
    setOpened(column);
    if (column === null) document.getElementById(GRID_ID)?.focus();
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      {printed && (
        <div data-paper className="hidden print:block">
          {paper?.(printed)}
        </div>
      )}
      <GridBar
        view={view}
        onView={onView}
        total={total}
        all={rows}
        actions={
          <>
            <ColumnsMenu columns={columns} view={view} onView={onView} />
            <ExportMenu source={source} columns={columns} view={view} total={total} />
            {actions}
          </>
        }
      />
      <FilterChips view={view} onView={onView} columns={columns} onOpen={onOpen} />
      {known.error !== null && (
        <div className="border-b border-line p-3">
          <Trouble error={known.error} again={() => pages.again()} />
        </div>
      )}
      {columns.length > 0 && columns.every((column) => view.hidden.includes(column.name)) ? (
        <AllHidden pages={pages} onShow={() => onView({ ...view, hidden: [] })} />
      ) : (
        <Grid sheetId={sheetId} source={source} pages={pages} turn={known.turn} columns={columns} total={total} view={view} onView={onView} opened={opened} onOpen={onOpen} />
      )}
    </div>
  );
}
