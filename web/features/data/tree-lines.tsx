"use client";

import { ChartColumn, ChevronRight, FileText, Table2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { cn } from "@/components/ui/cn";
import { may, type Project } from "@/features/projects";
import { addressOfSheet } from "@/features/sheets";
import { askFor } from "./ask";
import { ItemMenu, useRemoveItem } from "./item-menu";
import { keyOf, moveOf, type Line } from "./tree";
import { told, useMoveSheet } from "./use-move-sheet";
import { useSheetDrag } from "./use-sheet-drag";

const ICONS = { table: Table2, chart: ChartColumn, report: FileText } as const;

interface TreeLinesProps {
  project: Project;
  lines: readonly Line[];
  /** The sheet that is looked at: `dataset.Sheet`. */
  open: string | null;
  onFold: (datasetId: string, open: boolean) => void;
}

/** The tree; by keys: arrows, Enter, F2 to rename, Delete, and the menu's key. */
export function TreeLines({ project, lines, open, onFold }: TreeLinesProps) {
  const router = useRouter();
  const remove = useRemoveItem();
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<string | null>(null);
  const [menu, setMenu] = useState<string | null>(null);
  const editable = may(project, "editor");
  const { move: moveSheet } = useMoveSheet();
  const { carried, chip, onGrab } = useSheetDrag(root, {
    onMove: (sheet, datasetId) => {
      const to = lines.find((line) => line.dataset.id === datasetId);
      if (to) moveSheet(sheet, to.dataset).catch(told);
    },
    onHeld: (sheet) => setMenu(`sheet:${sheet.id}`),
  });
  const isOpen = (line: Line) => line.kind === "sheet" && line.sheet.address === open;
  const found = lines.findIndex((line) => (held === null ? isOpen(line) : keyOf(line) === held));
  const stop = Math.max(0, found);

  const act = (line: Line) => {
    setHeld(keyOf(line));
    if (line.kind === "dataset") onFold(line.dataset.id, !line.open);
    else router.push(addressOfSheet(project.id, line.sheet), { scroll: false });
  };
  const move = (at: number, key: string): boolean => {
    const step = moveOf(lines, at, key);
    if (step === null) return false;
    if ("fold" in step) onFold(step.fold, step.open);
    else {
      const next = lines[step.to];
      if (next) setHeld(keyOf(next));
      root.current?.querySelectorAll<HTMLElement>("[role=treeitem]")[step.to]?.focus();
    }
    return true;
  };
  const onKeyDown = (event: KeyboardEvent, at: number) => {
    const line = lines[at];
    if (event.target !== event.currentTarget || !line) return;
    const { key } = event;
    if (key === "Enter" || key === " ") act(line);
    else if (editable && key === "F2") askFor(line.kind === "sheet" ? { what: "rename-sheet", sheet: line.sheet } : { what: "rename-dataset", dataset: line.dataset });
    else if (editable && key === "Delete") remove(line);
    else if (key === "ContextMenu" || (key === "F10" && event.shiftKey)) setMenu(keyOf(line));
    else if (!move(at, key)) return;
    event.preventDefault();
  };
  return (
    <div ref={root} role="tree" aria-label="Datasets and sheets">
      {lines.map((line, at) => {
        const key = keyOf(line);
        return (
          <div
            key={key}
            role="treeitem"
            aria-labelledby={`${id}-${key}`}
            aria-level={line.kind === "dataset" ? 1 : 2}
            aria-selected={isOpen(line)}
            {...(line.kind === "dataset" ? { "aria-expanded": line.open } : {})}
            tabIndex={at === stop ? 0 : -1}
            onKeyDown={(event) => onKeyDown(event, at)}
            data-dataset={line.dataset.id}
            onClick={() => act(line)}
            onPointerDown={(event) => editable && line.kind === "sheet" && onGrab(event, line.sheet)}
            onContextMenu={(event) => {
              event.preventDefault();
              setMenu(key);
            }}
            className={cn(
              "group/line relative flex min-h-9 cursor-pointer items-center rounded-md px-2 text-sm select-none pointer-coarse:pr-9",
              line.kind === "sheet" && "pl-7!",
              isOpen(line) ? "bg-tint text-accent" : "hover:bg-hover",
              line.dataset.id === carried?.over && "bg-tint",
              line.dataset.id === carried?.over && line.kind === "dataset" && "outline-2 -outline-offset-2 outline-accent",
            )}
          >
            <span id={`${id}-${key}`} className="flex min-w-0 flex-1 items-center gap-2">
              <LineWords line={line} />
            </span>
            {(editable || line.kind === "sheet") && (
              // What is pressed in the menu is not pressed on the line.
              <span
                role="presentation"
                className="absolute inset-y-0 right-0"
                onClick={(event) => event.stopPropagation()}
                onPointerDown={(event) => event.stopPropagation()}
                onContextMenu={(event) => event.stopPropagation()}
              >
                <ItemMenu
                  item={line}
                  editable={editable}
                  shown={menu === key}
                  onShown={(shown) => setMenu(shown ? key : null)}
                  className="opacity-0 group-hover/line:opacity-100 group-focus-within/line:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100"
                />
              </span>
            )}
          </div>
        );
      })}
      {carried && (
        <div
          ref={chip}
          aria-hidden
          className="pointer-events-none fixed top-0 left-0 z-50 max-w-60 truncate rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm shadow-lift"
        >
          {carried.sheet.name}
        </div>
      )}
    </div>
  );
}

function LineWords({ line }: { line: Line }) {
  if (line.kind === "dataset") {
    return (
      <>
        <ChevronRight aria-hidden className={cn("size-4 shrink-0 text-soft transition-transform", line.open && "rotate-90")} />
        <span className="min-w-0 flex-1 truncate font-medium">{line.dataset.name}</span>
        <span className="text-xs text-soft tabular-nums group-focus-within/line:invisible group-hover/line:invisible pointer-coarse:visible!">{line.count}</span>
      </>
    );
  }
  const Icon = ICONS[line.sheet.type];
  return (
    <>
      <Icon aria-hidden className="size-4 shrink-0 text-soft" />
      <span className="min-w-0 flex-1 truncate">{line.sheet.name}</span>
    </>
  );
}
