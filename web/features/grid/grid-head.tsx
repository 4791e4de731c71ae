"use client";

import { ArrowDown, ArrowUp, ChevronDown } from "lucide-react";
import { memo, useRef, type PointerEvent } from "react";
import { cn } from "@/components/ui/cn";
import { holdsStill } from "@/lib/dragging";
import { cellId } from "./grid-row";
import { kindWord } from "./kinds";
import { widthWithin, type Layout, type Placed } from "./layout";
import { HEAD_PX, type Span } from "./scale";
import type { OnGrab } from "./use-column-drag";
import type { View } from "./view";

interface GridHeadProps {
  grid: string;
  layout: Layout;
  span: Span;
  view: View;
  /** The column that the keyboard stands on, or -1. */
  active: number;
  onSort: (name: string, adding: boolean) => void;
  onWidth: OnWidth;
  onOpen: (name: string) => void;
  onGrab: OnGrab;
  /** The column that is being moved. */
  carried: string | null;
}

/** Null for as wide as what the column holds. */
export type OnWidth = (name: string, width: number | null) => void;

export const GridHead = memo(function GridHead({ layout, span, ...rest }: GridHeadProps) {
  const head = (column: Placed, n: number) => <HeadCell key={column.name} layout={layout} span={span} column={column} n={n} {...rest} />;
  return (
    <div ref={holdsStill} role="row" aria-rowindex={1} data-r={-1} className="sticky top-0 z-20 flex bg-panel" style={{ width: layout.width, height: HEAD_PX }}>
      <div role="columnheader" aria-colindex={1} className="sticky left-0 z-20 shrink-0 border-r border-b border-edge/50 bg-panel" style={{ width: layout.gutter }}>
        <span className="sr-only">Row</span>
      </div>
      {layout.columns.slice(0, layout.frozen).map(head)}
      <div aria-hidden className="shrink-0" style={{ width: (layout.edges[span.first] ?? 0) - (layout.edges[layout.frozen] ?? 0) }} />
      {layout.columns.slice(span.first, span.end).map((column, n) => head(column, span.first + n))}
    </div>
  );
});

function HeadCell({ grid, layout, view, active, column, n, onSort, onWidth, onOpen, onGrab, carried }: GridHeadProps & { column: Placed; n: number }) {
  const at = view.sort.findIndex((key) => key.column === column.name);
  const key = view.sort[at];
  const isFiltered = view.filters.some((filter) => filter.column === column.name);
  const isStuck = n < layout.frozen;
  return (
    <div
      id={cellId(grid, -1, n)}
      role="columnheader"
      aria-colindex={n + 2}
      aria-sort={key === undefined ? "none" : key.descending ? "descending" : "ascending"}
      data-c={n}
      style={{ width: column.width, ...(isStuck ? { left: layout.gutter + (layout.edges[n] ?? 0) } : {}) }}
      className={cn(
        "relative flex shrink-0 items-stretch border-r border-b border-line border-b-edge/50",
        column.name === carried ? "bg-tint" : "bg-panel",
        isStuck && "sticky z-20",
        n === layout.frozen - 1 && "border-r-edge",
        n === active && "outline-2 -outline-offset-2 outline-accent",
      )}
    >
      <button
        type="button"
        tabIndex={-1}
        title={`${column.name}: sort. With Shift, sort by it too. Drag to move it.`}
        onClick={(event) => onSort(column.name, event.shiftKey)}
        onPointerDown={(event) => onGrab(event, column.name)}
        className={cn("min-w-0 flex-1 overflow-hidden px-2.5 text-left hover:bg-hover", column.kind === "number" && "text-right")}
      >
        <span className={cn("flex items-center gap-1 text-sm font-medium", column.kind === "number" && "justify-end")}>
          <span className="truncate">{column.name}</span>
          {key && (key.descending ? <ArrowDown aria-hidden className="size-3.5 shrink-0 text-accent" /> : <ArrowUp aria-hidden className="size-3.5 shrink-0 text-accent" />)}
          {key && view.sort.length > 1 && <span className="text-xs text-accent">{at + 1}</span>}
        </span>
        <span className="block truncate text-xs font-normal text-soft">{kindWord(column.type)}</span>
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`About ${column.name}`}
        aria-haspopup="dialog"
        onClick={() => onOpen(column.name)}
        className={cn("relative grid w-7 shrink-0 place-items-center hover:bg-hover hover:text-ink", isFiltered ? "text-accent" : "text-soft")}
      >
        <ChevronDown aria-hidden className="size-4" />
        {isFiltered && <span aria-hidden className="absolute top-2 right-1 size-1.5 rounded-full bg-accent" />}
      </button>
      <Edge column={column} onWidth={onWidth} />
    </div>
  );
}

/** The edge that sizes a column; by keys it is done from the header itself. */
function Edge({ column, onWidth }: { column: Placed; onWidth: OnWidth }) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const move = (event: PointerEvent) => {
    if (from.current === null) return;
    onWidth(column.name, widthWithin(from.current.width + event.clientX - from.current.x));
  };
  return (
    <span
      aria-hidden
      className="absolute top-0 -right-1 z-10 h-full w-2 cursor-col-resize touch-none hover:bg-accent/40"
      onPointerDown={(event) => {
        from.current = { x: event.clientX, width: column.width };
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={move}
      onPointerUp={() => (from.current = null)}
      onLostPointerCapture={() => (from.current = null)}
      onDoubleClick={() => onWidth(column.name, null)}
    />
  );
}
