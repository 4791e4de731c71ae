"use client";

import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { afterKey, AT_START, type Cell, type Extent, type Selection } from "./selection";

interface Chosen {
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
  /** Moves by a key; whether it did. */
  readonly press: (event: KeyboardEvent) => boolean;
  readonly onPointerDown: (event: PointerEvent) => void;
}

/** What is selected, by mouse and keyboard. */
export function useSelection(extent: Extent, reveal: (row: number, column: number) => void): Chosen {
  const [selection, setSelection] = useState<Selection>(AT_START);
  const now = useRef({ extent, selection, reveal });
  useEffect(() => {
    now.current = { extent, selection, reveal };
  });

  const select = useCallback((next: Selection) => {
    setSelection(next);
    now.current.reveal(next.head.row, next.head.column);
  }, []);

  const press = (event: KeyboardEvent): boolean => {
    if (event.altKey) return false;
    const stroke = { key: event.key, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey };
    const next = afterKey(selection, stroke, extent);
    if (next === null) return false;
    event.preventDefault();
    if (stroke.key.toLowerCase() === "a" || stroke.key === " ") setSelection(next);
    else select(next);
    return true;
  };

  const onPointerDown = useCallback((event: PointerEvent) => {
    const start = cellAt(event.target);
    if (start === null || start.row < 0 || event.button !== 0) return;
    const { columns } = now.current.extent;
    const isWholeRow = start.column < 0;
    const until = (anchor: Cell, to: Cell) =>
      isWholeRow
        ? { anchor: { ...anchor, column: columns - 1 }, head: { row: to.row, column: 0 } }
        : { anchor, head: { row: to.row, column: Math.max(0, to.column) } };
    const anchor = event.shiftKey ? now.current.selection.anchor : start;
    setSelection(until(anchor, start));
    if (event.pointerType === "mouse") drag((to) => setSelection(until(anchor, to)), now.current.reveal);
  }, []);

  return { selection, select, press, onPointerDown };
}

function cellAt(target: EventTarget | null): Cell | null {
  if (!(target instanceof Element)) return null;
  const cell = target.closest<HTMLElement>("[data-c]");
  const row = cell?.closest<HTMLElement>("[data-r]");
  return cell && row ? { row: Number(row.dataset["r"]), column: Number(cell.dataset["c"]) } : null;
}

/** Follows the mouse until its button is up. */
function drag(onCell: (cell: Cell) => void, reveal: (row: number, column: number) => void): void {
  const move = (event: globalThis.PointerEvent) => {
    const cell = cellAt(document.elementFromPoint(event.clientX, event.clientY));
    if (cell === null || cell.row < 0) return;
    onCell(cell);
    reveal(cell.row, cell.column);
  };
  const end = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", end);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
}
