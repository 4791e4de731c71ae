"use client";

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";
import { columnsIn, HEAD_PX, isScaled, ROW_PX, rowsIn, scaleOf, scrolledTo, topAfter, type Scale, type Span } from "./scale";

const OVER_ROWS = 6;
const OVER_COLUMNS = 1;
const STEP_ROWS = 4;
const REST_MS = 160;

export interface Shown {
  readonly rows: Span;
  readonly columns: Span;
}

export interface Scroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly layer: RefObject<HTMLDivElement | null>;
  readonly shown: Shown;
  readonly scale: Scale;
  /** Brings a cell into sight; -1 leaves that direction alone. */
  readonly reveal: (row: number, column: number) => void;
}

interface Layout {
  readonly rows: number;
  readonly edges: readonly number[];
  readonly frozen: number;
  readonly gutter: number;
}

/** Scrolls as many rows as there are by a bar that the browser can hold. */
export function useScroll({ rows, edges, frozen, gutter }: Layout): Scroll {
  const scroller = useRef<HTMLDivElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const top = useRef(0);
  const before = useRef(0);
  const drawn = useRef(0);
  const [port, setPort] = useState({ height: 0, width: 0 });
  const scale = useMemo(() => scaleOf(rows, port.height), [rows, port.height]);
  const frozenPx = gutter + (edges[frozen] ?? 0);

  const see = useCallback((): Shown => {
    const left = scroller.current?.scrollLeft ?? 0;
    return {
      rows: inSteps(rowsIn(scale, top.current, rows, OVER_ROWS), rows),
      columns: columnsIn(edges, frozen, left, port.width - frozenPx, OVER_COLUMNS),
    };
  }, [scale, rows, edges, frozen, frozenPx, port.width]);
  const [shown, setShown] = useState<Shown>(see);

  const look = useCallback(() => setShown((old) => kept(old, see())), [see]);
  const place = useCallback(() => {
    if (layer.current && scroller.current) {
      const down = scroller.current.scrollTop + drawn.current * ROW_PX - top.current;
      layer.current.style.transform = `translateY(${down}px)`;
    }
  }, []);
  useLayoutEffect(() => {
    drawn.current = shown.rows.first;
    place();
  }, [shown.rows.first, place]);
  useLayoutEffect(() => {
    top.current = Math.min(top.current, Math.max(0, scale.whole - scale.port));
    if (!isScaled(scale)) top.current = scroller.current?.scrollTop ?? 0;
    look();
    place();
  }, [scale, look, place]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => setPort({ height: Math.max(0, element.clientHeight - HEAD_PX), width: element.clientWidth });
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  const settle = useCallback(
    (to: number) => {
      const element = scroller.current;
      if (!element) return;
      element.scrollTop = to;
      before.current = element.scrollTop;
      place();
    },
    [place],
  );

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      const after = element.scrollTop;
      const isJump = Math.abs(after - before.current) > scale.port;
      top.current = topAfter(scale, top.current, before.current, after);
      before.current = after;
      flushSync(look);
      if (isJump) place();
      if (!isScaled(scale)) return;
      clearTimeout(rest);
      rest = setTimeout(() => settle(scrolledTo(scale, top.current)), REST_MS);
    };
    element.addEventListener("scroll", moved, { passive: true });
    return () => {
      clearTimeout(rest);
      element.removeEventListener("scroll", moved);
    };
  }, [scale, look, place, settle]);

  const reveal = useCallback(
    (row: number, column: number) => {
      const element = scroller.current;
      if (!element) return;
      if (row >= 0) {
        const next = inSight(top.current, row * ROW_PX, ROW_PX, scale.port);
        if (next !== top.current) {
          top.current = next;
          settle(scrolledTo(scale, next));
        }
      }
      if (column >= frozen) {
        const from = (edges[column] ?? 0) - (edges[frozen] ?? 0);
        const width = (edges[column + 1] ?? 0) - (edges[column] ?? 0);
        element.scrollLeft = inSight(element.scrollLeft, from, width, port.width - frozenPx);
      }
      look();
      place();
    },
    [edges, frozen, frozenPx, look, place, port.width, scale, settle],
  );

  return { scroller, layer, shown, scale, reveal };
}

/** The least move that brings a stretch into sight. */
function inSight(now: number, from: number, size: number, port: number): number {
  if (from < now) return from;
  return from + size > now + port ? Math.max(0, Math.min(from, from + size - port)) : now;
}

/** Rows in steps, so that not each of them is news. */
function inSteps({ first, end }: Span, rows: number): Span {
  return { first: Math.floor(first / STEP_ROWS) * STEP_ROWS, end: Math.min(rows, Math.ceil(end / STEP_ROWS) * STEP_ROWS) };
}

/** What is the same stays the same object, so that rows which stay in sight are not drawn again. */
function kept(old: Shown, now: Shown): Shown {
  const rows = isSame(old.rows, now.rows) ? old.rows : now.rows;
  const columns = isSame(old.columns, now.columns) ? old.columns : now.columns;
  return rows === old.rows && columns === old.columns ? old : { rows, columns };
}

function isSame(a: Span, b: Span): boolean {
  return a.first === b.first && a.end === b.end;
}
