"use client";

import { lazy, Suspense, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import { copySelection } from "./copy";
import { fitting, rulerOf } from "./fit";
import { GRID_ID } from "./grid-bar";
import { GridFoot } from "./grid-foot";
import { GridHead, type OnWidth } from "./grid-head";
import { cellId, GridRow } from "./grid-row";
import { decimalsIn, layoutOf, measured, widthWithin } from "./layout";
import type { Pages, Row } from "./pages";
import { Peek, type Peeked } from "./peek";
import type { Source } from "./queries";
import { ROW_PX } from "./scale";
import { boxOf, sizeOf } from "./selection";
import { useColumnDrag } from "./use-column-drag";
import { useGridKeys } from "./use-grid-keys";
import { useScroll } from "./use-scroll";
import { useSelection } from "./use-selection";
import { useWidths } from "./use-widths";
import { sortedBy, type Column, type View } from "./view";

const ColumnPanel = lazy(() => import("./column-panel").then((file) => ({ default: file.ColumnPanel })));
const WAITING_ROWS = 30;
const MEASURED_ROWS = 60;

interface GridProps {
  sheetId: string;
  source: Source;
  pages: Pages;
  /** Changes with each page that came. */
  turn: number;
  columns: readonly Column[];
  total: number | null;
  view: View;
  onView: (view: View) => void;
  /** The column whose panel is open. */
  opened: string | null;
  onOpen: (column: string | null) => void;
}

export function Grid({ sheetId, source, pages, turn, columns, total, view, onView, opened, onOpen }: GridProps) {
  const id = useId();
  const rows = total ?? WAITING_ROWS;
  const [widths, setWidth] = useWidths(sheetId);
  const first = useFirstRows(pages, turn);
  const all = useMemo(() => measured(columns, first, widths), [columns, first, widths]);
  const decimals = useMemo(() => decimalsIn(columns, first), [columns, first]);
  const layout = useMemo(() => layoutOf(columns, view, all, rows, decimals), [columns, view, all, rows, decimals]);
  const { scroller, layer, shown, scale, reveal } = useScroll({ rows, edges: layout.edges, frozen: layout.frozen, gutter: layout.gutter });
  const page = Math.max(1, Math.floor(scale.port / ROW_PX) - 1);
  const { selection, select, press, onPointerDown } = useSelection({ rows, columns: layout.columns.length, page }, reveal);
  const [peeked, setPeeked] = useState<Peeked | null>(null);
  const { head } = selection;

  useEffect(() => pages.want(shown.rows.first, shown.rows.end), [pages, shown.rows]);

  const onWidth: OnWidth = useCallback(
    (name, width) => {
      const at = columns.findIndex((column) => column.name === name);
      const column = columns[at];
      if (width !== null) setWidth(name, width);
      else if (column && scroller.current) setWidth(name, fitting(column, at, pages.here(), rulerOf(scroller.current), decimals.get(name)));
    },
    [columns, decimals, pages, scroller, setWidth],
  );
  const { carried, onGrab } = useColumnDrag(scroller, { layout, columns, view, onView });
  const onSort = useCallback((name: string, adding: boolean) => onView(sortedBy(view, name, adding)), [view, onView]);
  const onPeek = () => {
    const column = layout.columns[head.column];
    const row = pages.row(head.row);
    if (column && row) setPeeked({ column, row: head.row, value: row[column.at] });
  };
  const onKeyDown = useGridKeys({ pages, layout, columns, view, onView, onWidth, onOpen, onPeek, selection, select, press });

  const openedColumn = columns.find((column) => column.name === opened);
  const openedAt = layout.columns.findIndex((column) => column.name === opened);
  const place = useCallback(() => {
    const header = document.getElementById(cellId(id, -1, openedAt)) ?? scroller.current;
    return header?.getBoundingClientRect() ?? new DOMRect();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another view moves the header, as chips come and go above it
  }, [id, openedAt, scroller, view]);

  const box = boxOf(selection);
  const hasBox = sizeOf(selection) > 0;
  const numbers = Array.from({ length: Math.max(0, shown.rows.end - shown.rows.first) }, (_, n) => shown.rows.first + n);
  return (
    <>
      <div className="relative min-h-0 flex-1">
        <div
          ref={scroller}
          id={GRID_ID}
          role="grid"
          tabIndex={0}
          aria-label={source.name}
          aria-rowcount={total === null ? -1 : total + 1}
          aria-colcount={layout.columns.length + 1}
          aria-multiselectable
          aria-activedescendant={cellId(id, head.row, head.column)}
          onKeyDown={onKeyDown}
          onPointerDown={onPointerDown}
          onDoubleClick={(event) => event.target instanceof Element && event.target.closest("[role=gridcell]") && onPeek()}
          className={cn("group/grid absolute inset-0 overflow-auto overscroll-contain bg-paper select-none focus-visible:outline-none", carried && "cursor-grabbing")}
        >
          <div role="presentation" style={{ width: layout.width, height: scale.height + 48 }} className="relative">
            <GridHead
              grid={id}
              layout={layout}
              span={shown.columns}
              view={view}
              active={head.row < 0 ? head.column : -1}
              onSort={onSort}
              onWidth={onWidth}
              onOpen={onOpen}
              onGrab={onGrab}
              carried={carried?.name ?? null}
            />
            <div role="rowgroup" ref={layer} className="absolute top-12 left-0 will-change-transform" style={{ width: layout.width }}>
              {numbers.map((index) => {
                const isIn = hasBox && index >= box.top && index <= box.bottom;
                return (
                  <GridRow
                    key={index}
                    grid={id}
                    index={index}
                    row={pages.row(index)}
                    layout={layout}
                    span={shown.columns}
                    left={isIn ? box.left : -1}
                    right={isIn ? box.right : -1}
                    active={index === head.row ? head.column : -1}
                  />
                );
              })}
            </div>
          </div>
        </div>
        {carried && <div aria-hidden className="pointer-events-none absolute inset-y-0 z-30 -ml-0.5 w-1 rounded-full bg-accent" style={{ left: carried.line }} />}
      </div>
      <GridFoot
        pages={pages}
        layout={layout}
        selection={selection}
        total={total}
        onPeek={onPeek}
        onCopy={() => void copySelection(pages, layout, selection)}
      />
      {peeked && <Peek peeked={peeked} onClose={() => setPeeked(null)} />}
      {openedColumn && (
        <Suspense>
          <ColumnPanel
            key={openedColumn.name}
            source={source}
            column={openedColumn}
            columns={columns}
            view={view}
            onView={onView}
            onFit={() => onWidth(openedColumn.name, null)}
            onWider={(by) => onWidth(openedColumn.name, widthWithin((all.get(openedColumn.name) ?? 0) + by))}
            place={place}
            onClose={() => onOpen(null)}
          />
        </Suspense>
      )}
    </>
  );
}

/** The first rows that came: columns are measured by them once, so that nothing moves later. */
function useFirstRows(pages: Pages, turn: number): readonly Row[] {
  const kept = useRef<readonly Row[]>([]);
  return useMemo(() => {
    if (kept.current.length === 0) {
      const rows = Array.from({ length: MEASURED_ROWS }, (_, n) => pages.row(n));
      kept.current = rows.filter((row) => row !== undefined);
    }
    return kept.current;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the turn says that pages hold more
  }, [pages, turn]);
}
