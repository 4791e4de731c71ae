"use client";

import { useCallback, useEffect, useRef, useState, type PointerEvent, type RefObject } from "react";
import { carry } from "@/lib/dragging";
import { gapAt, lineAt, pullAt } from "./column-drag";
import type { Layout } from "./layout";
import { movedTo, type Column, type View } from "./view";

export type OnGrab = (event: PointerEvent, name: string) => void;

interface CarriedColumn {
  readonly name: string;
  /** Where it lands, in the grid's window. */
  readonly line: number;
}

interface Dragged {
  readonly layout: Layout;
  readonly columns: readonly Column[];
  readonly view: View;
  readonly onView: (view: View) => void;
}

/** Moves columns by their headers. */
export function useColumnDrag(scroller: RefObject<HTMLElement | null>, given: Dragged) {
  const [carried, setCarried] = useState<CarriedColumn | null>(null);
  const now = useRef(given);
  useEffect(() => {
    now.current = given;
  });
  const onGrab: OnGrab = useCallback(
    (event, name) => {
      const grid = scroller.current;
      if (event.button !== 0 || !grid) return;
      const lands = (clientX: number) => {
        const { layout } = now.current;
        const at = layout.columns.findIndex((column) => column.name === name);
        const x = clientX - grid.getBoundingClientRect().left;
        return { layout, at, x, gap: gapAt(layout, at, x, grid.scrollLeft) };
      };
      carry(event.nativeEvent, {
        holder: grid,
        onCarry: (place) => {
          const { layout, at, x } = lands(place.x);
          grid.scrollLeft += pullAt(layout, at, x, grid.clientWidth);
          const line = lineAt(layout, at, lands(place.x).gap, grid.scrollLeft);
          setCarried((old) => (old?.line === line ? old : { name, line }));
        },
        onDrop: (place) => {
          const { columns, view, onView } = now.current;
          const next = movedTo(columns, view, name, lands(place.x).gap);
          if (next !== view) onView(next);
        },
        onEnd: () => setCarried(null),
      });
    },
    [scroller],
  );
  return { carried, onGrab };
}
