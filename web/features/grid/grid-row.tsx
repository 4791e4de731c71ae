"use client";

import { memo, type CSSProperties } from "react";
import { cn } from "@/components/ui/cn";
import { cellText, wholeCell } from "./kinds";
import type { Layout, Placed } from "./layout";
import type { Row } from "./pages";
import { ROW_PX, type Span } from "./scale";

export const cellId = (grid: string, row: number, column: number) => `${grid}-${row}-${column}`;

interface GridRowProps {
  grid: string;
  index: number;
  row: Row | undefined;
  layout: Layout;
  span: Span;
  /** The selected columns of this row: first and last, or -1. */
  left: number;
  right: number;
  /** The column that the keyboard stands on, or -1. */
  active: number;
}

/** One row; the frozen columns and those in sight. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { grid, index, row, layout, span, left, right, active } = props;
  const isChosen = left >= 0;
  const cell = (column: Placed, n: number) => (
    <GridCell
      key={column.name}
      id={cellId(grid, index, n)}
      n={n}
      column={column}
      value={row?.[column.at]}
      isComing={row === undefined}
      isChosen={isChosen && n >= left && n <= right}
      isActive={n === active}
      stuck={n < layout.frozen ? layout.gutter + (layout.edges[n] ?? 0) : undefined}
      isLastStuck={n === layout.frozen - 1}
    />
  );
  return (
    <div role="row" aria-rowindex={index + 2} data-r={index} className="flex" style={{ height: ROW_PX }}>
      <div
        role="rowheader"
        aria-colindex={1}
        data-c={-1}
        style={{ width: layout.gutter }}
        className={cn(
          "sticky left-0 z-10 shrink-0 border-r border-b border-line px-2.5 text-right text-xs leading-8 tabular-nums select-none",
          isChosen ? "bg-tint text-accent" : "bg-panel text-soft",
        )}
      >
        {(index + 1).toLocaleString("en")}
      </div>
      {layout.columns.slice(0, layout.frozen).map(cell)}
      <div aria-hidden className="shrink-0" style={{ width: (layout.edges[span.first] ?? 0) - (layout.edges[layout.frozen] ?? 0) }} />
      {layout.columns.slice(span.first, span.end).map((column, n) => cell(column, span.first + n))}
    </div>
  );
});

interface GridCellProps {
  id: string;
  n: number;
  column: Placed;
  value: unknown;
  isComing: boolean;
  isChosen: boolean;
  isActive: boolean;
  stuck: number | undefined;
  isLastStuck: boolean;
}

function GridCell({ id, n, column, value, isComing, isChosen, isActive, stuck, isLastStuck }: GridCellProps) {
  const style: CSSProperties = { width: column.width, ...(stuck === undefined ? {} : { left: stuck }) };
  const text = cellText(value, column.type, column.decimals);
  const exact = column.decimals > 0 ? wholeCell(value, column.type) : text;
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={n + 2}
      aria-selected={isChosen}
      data-c={n}
      title={exact === text ? undefined : exact}
      style={style}
      className={cn(
        "shrink-0 overflow-hidden border-r border-b border-line px-2.5 text-sm leading-8 text-ellipsis whitespace-nowrap",
        (column.kind === "number" || column.kind === "date" || column.kind === "time") && "tabular-nums",
        column.kind === "number" && "text-right",
        isChosen ? "bg-tint" : "bg-paper",
        isActive && "outline-2 -outline-offset-2 outline-accent",
        stuck !== undefined && "sticky z-10",
        isLastStuck && "border-r-edge",
      )}
    >
      {isComing ? <span aria-hidden className="inline-block h-2.5 w-3/5 rounded bg-hover" /> : <Value value={value} text={text} />}
    </div>
  );
}

function Value({ value, text }: { value: unknown; text: string }) {
  if (value === null) return <span className="text-xs text-soft italic">empty</span>;
  if (value === "") return <span className="text-xs text-soft">“”</span>;
  return text;
}
