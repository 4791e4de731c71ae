export interface Cell {
  /** -1 is the header. */
  readonly row: number;
  readonly column: number;
}

/** What is selected: from the anchor to the head, which is also where the keyboard stands. */
export interface Selection {
  readonly anchor: Cell;
  readonly head: Cell;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that the window shows. */
  readonly page: number;
}

export interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface Stroke {
  readonly key: string;
  readonly shift: boolean;
  readonly mod: boolean;
}

export const AT_START: Selection = { anchor: { row: 0, column: 0 }, head: { row: 0, column: 0 } };

export function boxOf({ anchor, head }: Selection): Box {
  return {
    top: Math.max(0, Math.min(anchor.row, head.row)),
    bottom: Math.max(anchor.row, head.row),
    left: Math.min(anchor.column, head.column),
    right: Math.max(anchor.column, head.column),
  };
}

export function sizeOf(selection: Selection): number {
  const { top, bottom, left, right } = boxOf(selection);
  return Math.max(0, bottom - top + 1) * (right - left + 1);
}

/** Where the keyboard leads; null for a key that does not move. */
export function afterKey(selection: Selection, stroke: Stroke, extent: Extent): Selection | null {
  if (stroke.mod && stroke.key.toLowerCase() === "a") return everything(extent);
  if (stroke.key === " " && (stroke.mod || stroke.shift)) return stretched(selection, stroke.mod, extent);
  const head = movedHead(selection.head, stroke, extent);
  if (head === null) return null;
  const kept = within(head, extent, stroke.shift);
  return { head: kept, anchor: stroke.shift ? selection.anchor : kept };
}

function movedHead({ row, column }: Cell, { key, mod }: Stroke, { rows, columns, page }: Extent): Cell | null {
  switch (key) {
    case "ArrowDown":
      return { row: mod ? rows - 1 : row + 1, column };
    case "ArrowUp":
      return { row: mod ? 0 : row - 1, column };
    case "ArrowRight":
      return { row, column: mod ? columns - 1 : column + 1 };
    case "ArrowLeft":
      return { row, column: mod ? 0 : column - 1 };
    case "PageDown":
      return { row: row + page, column };
    case "PageUp":
      return { row: Math.max(0, row - page), column };
    case "Home":
      return { row: mod ? 0 : row, column: 0 };
    case "End":
      return { row: mod ? rows - 1 : row, column: columns - 1 };
    default:
      return null;
  }
}

function within({ row, column }: Cell, { rows, columns }: Extent, extending: boolean): Cell {
  return {
    row: Math.max(extending ? 0 : -1, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  };
}

function everything({ rows, columns }: Extent): Selection {
  return { anchor: { row: 0, column: 0 }, head: { row: Math.max(0, rows - 1), column: columns - 1 } };
}

/** The whole column (or else the whole row) of what is selected. */
function stretched({ anchor, head }: Selection, column: boolean, { rows, columns }: Extent): Selection {
  if (column) return { anchor: { ...anchor, row: 0 }, head: { ...head, row: Math.max(0, rows - 1) } };
  return { anchor: { ...anchor, column: 0 }, head: { ...head, column: columns - 1 } };
}
