"use client";

import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { copySelection } from "./copy";
import { SEARCH_ID } from "./grid-bar";
import { GridHead } from "./grid-head";
import { cellId, GridRow } from "./grid-row";
import { layoutOf, measured } from "./layout";
import type { Pages, Row } from "./pages";
import { Peek, type Peeked } from "./peek";
import { ROW_PX } from "./scale";
import { boxOf, sizeOf } from "./selection";
import { useScroll } from "./use-scroll";
import { useSelection } from "./use-selection";
import { sortedBy, type Column, type View } from "./view";

const WAITING_ROWS = 30;
const MEASURED_ROWS = 60;

interface GridProps {
  label: string;
  pages: Pages;
  /** Changes with each page that came. */
  turn: number;
  columns: readonly Column[];
  total: number | null;
  view: View;
  onView: (view: View) => void;
}

export function Grid({ label, pages, turn, columns, total, view, onView }: GridProps) {
  const id = useId();
  const rows = total ?? WAITING_ROWS;
  const [widths, setWidths] = useState<ReadonlyMap<string, number>>(new Map());
  const first = useFirstRows(pages, turn);
  const all = useMemo(() => measured(columns, first, widths), [columns, first, widths]);
  const layout = useMemo(() => layoutOf(columns, view, all, rows), [columns, view, all, rows]);
  const { scroller, layer, shown, scale, reveal } = useScroll({ rows, edges: layout.edges, frozen: layout.frozen, gutter: layout.gutter });
  const page = Math.max(1, Math.floor(scale.port / ROW_PX) - 1);
  const { selection, press, onPointerDown } = useSelection({ rows, columns: layout.columns.length, page }, reveal);
  const [peeked, setPeeked] = useState<Peeked | null>(null);
  const [, setOpened] = useState<string | null>(null);

  useEffect(() => pages.want(shown.rows.first, shown.rows.end), [pages, shown.rows]);

  const { head } = selection;
  const peek = () => {
    const column = layout.columns[head.column];
    const row = pages.row(head.row);
    if (column && row) setPeeked({ column, row: head.row, value: row[column.at] });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || press(event)) return;
    const column = layout.columns[head.column];
    const isCopy = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c";
    if (isCopy) void copySelection(pages, layout, selection);
    else if (event.key === "Enter" && head.row >= 0) peek();
    else if (event.key === "Enter" && column) onView(sortedBy(view, column.name, event.shiftKey));
    else if (event.key === "/") document.getElementById(SEARCH_ID)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const box = boxOf(selection);
  const hasBox = sizeOf(selection) > 0;
  const numbers = Array.from({ length: Math.max(0, shown.rows.end - shown.rows.first) }, (_, n) => shown.rows.first + n);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={total === null ? -1 : total + 1}
        aria-colcount={layout.columns.length + 1}
        aria-multiselectable
        aria-activedescendant={cellId(id, head.row, head.column)}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onDoubleClick={peek}
        className="absolute inset-0 overflow-auto overscroll-contain bg-paper select-none focus-visible:outline-none"
      >
        <div role="presentation" style={{ width: layout.width, height: scale.height + 48 }} className="relative">
          <GridHead
            grid={id}
            layout={layout}
            span={shown.columns}
            view={view}
            active={head.row < 0 ? head.column : -1}
            onSort={(name, adding) => onView(sortedBy(view, name, adding))}
            onWidth={(name, width) => setWidths((old) => new Map(old).set(name, width))}
            onOpen={setOpened}
            panel={() => null}
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
      {peeked && <Peek peeked={peeked} onClose={() => setPeeked(null)} />}
    </div>
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
