"use client";

import type { KeyboardEvent } from "react";
import { copySelection } from "./copy";
import { focusSearch } from "./grid-bar";
import type { OnWidth } from "./grid-head";
import { STEP_PX, widthWithin, type Layout } from "./layout";
import type { Pages } from "./pages";
import type { Selection } from "./selection";
import { moved, sortedBy, type Column, type View } from "./view";

interface Keyed {
  readonly pages: Pages;
  readonly layout: Layout;
  readonly columns: readonly Column[];
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly onWidth: OnWidth;
  readonly onOpen: (column: string) => void;
  readonly onPeek: () => void;
  readonly selection: Selection;
  readonly select: (selection: Selection) => void;
  readonly press: (event: KeyboardEvent) => boolean;
}

/** What the keyboard does in the grid, beside moving about. */
export function useGridKeys(grid: Keyed): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.target !== event.currentTarget) return;
    if (!onHeader(event, grid) && !grid.press(event) && !onAny(event, grid)) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** On a header: sort, size and move the column. Says whether the key was for it. */
function onHeader(event: KeyboardEvent, { layout, columns, view, onView, onWidth, selection, select }: Keyed): boolean {
  const { row, column: n } = selection.head;
  const column = layout.columns[n];
  if (row >= 0 || column === undefined) return false;
  const { key, altKey, shiftKey } = event;
  if (key === "Enter" && altKey) onWidth(column.name, null);
  else if (key === "Enter") onView(sortedBy(view, column.name, shiftKey));
  else if (key === "ArrowLeft" || key === "ArrowRight") {
    const by = key === "ArrowRight" ? 1 : -1;
    if (altKey) onWidth(column.name, widthWithin(column.width + by * STEP_PX));
    else if (shiftKey) {
      const next = moved(columns, view, column.name, by);
      onView(next);
      const at = { row, column: next === view ? n : n + by };
      select({ anchor: at, head: at });
    } else return false;
  } else return false;
  return true;
}

function onAny(event: KeyboardEvent, grid: Keyed): boolean {
  const { key, altKey, shiftKey } = event;
  const isMod = event.ctrlKey || event.metaKey;
  const letter = key.toLowerCase();
  const { head } = grid.selection;
  const column = grid.layout.columns[head.column];
  if (isMod && letter === "c") void copySelection(grid.pages, grid.layout, grid.selection);
  else if ((isMod && letter === "f") || (key === "/" && !altKey)) focusSearch();
  else if (key === "Enter" && !isMod) grid.onPeek();
  else if (key === "Escape") grid.select({ anchor: head, head });
  else if (column && (key === "ContextMenu" || (altKey && key === "ArrowDown") || (shiftKey && key === "F10"))) grid.onOpen(column.name);
  else return false;
  return true;
}
