"use client";

import { ChevronRight, FileText, Search, Table2, ChartColumn } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import type { Project } from "@/features/projects";
import { useDatasets, useSheets, type Sheet } from "@/features/sheets";
import { withKey } from "@/lib/undo";
import { sheetAddress } from "./address";
import { keyOf, linesOf, moveOf, type Line } from "./tree";

const ICONS = { table: Table2, chart: ChartColumn, report: FileText } as const;

/** Datasets and their sheets. */
export function SheetTree({ project, open }: { project: Project; open: string | null }) {
  const datasets = useDatasets(project.id);
  const sheets = useSheets(project.id);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState("");
  const lines = useMemo(
    () => linesOf(datasets.data ?? [], sheets.data ?? [], closed, search),
    [datasets.data, sheets.data, closed, search],
  );
  const failed = datasets.error ?? sheets.error;
  const again = () => void Promise.all([datasets.refetch(), sheets.refetch()]);
  return (
    <>
      <div className="relative p-3">
        <Search aria-hidden className="pointer-events-none absolute top-5.5 left-5.5 size-4 text-soft" />
        <input
          type="search"
          aria-label="Find a sheet"
          placeholder="Find a sheet"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="h-9 w-full rounded-md border border-edge bg-raised pr-3 pl-8 text-sm"
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {failed && <Trouble error={failed} again={again} />}
        {(datasets.isPending || sheets.isPending) && <Skeleton className="mx-1 h-40" />}
        {datasets.data && sheets.data && (
          <Tree project={project} lines={lines} open={open} onFold={(id, isOpen) => setClosed(withKey(closed, id, !isOpen))} />
        )}
      </div>
    </>
  );
}

interface TreeProps {
  project: Project;
  lines: readonly Line[];
  open: string | null;
  onFold: (datasetId: string, open: boolean) => void;
}

function Tree({ project, lines, open, onFold }: TreeProps) {
  const router = useRouter();
  const root = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<string | null>(null);
  const isOpen = (line: Line) => line.kind === "sheet" && line.sheet.address === open;
  const found = lines.findIndex((line) => (held === null ? isOpen(line) : keyOf(line) === held));
  const stop = Math.max(0, found);

  const act = (line: Line) => {
    setHeld(keyOf(line));
    if (line.kind === "dataset") onFold(line.dataset.id, !line.open);
    else router.push(sheetAddress(project.id, line.sheet.address), { scroll: false });
  };
  const onKeyDown = (event: KeyboardEvent, at: number) => {
    const line = lines[at];
    if (event.target !== event.currentTarget || !line) return;
    const move = moveOf(lines, at, event.key);
    if (event.key === "Enter" || event.key === " ") act(line);
    else if (move === null) return;
    else if ("fold" in move) onFold(move.fold, move.open);
    else {
      const next = lines[move.to];
      if (next) setHeld(keyOf(next));
      root.current?.querySelectorAll<HTMLElement>("[role=treeitem]")[move.to]?.focus();
    }
    event.preventDefault();
  };
  return (
    <div ref={root} role="tree" aria-label="Datasets and sheets">
      {lines.map((line, at) => (
        <div
          key={keyOf(line)}
          role="treeitem"
          aria-level={line.kind === "dataset" ? 1 : 2}
          aria-selected={isOpen(line)}
          {...(line.kind === "dataset" ? { "aria-expanded": line.open } : {})}
          tabIndex={at === stop ? 0 : -1}
          onKeyDown={(event) => onKeyDown(event, at)}
          onClick={() => act(line)}
          className={cn(
            "flex min-h-9 cursor-pointer items-center gap-2 rounded-md px-2 text-sm",
            line.kind === "sheet" && "pl-7",
            isOpen(line) ? "bg-tint text-accent" : "hover:bg-hover",
          )}
        >
          {line.kind === "dataset" ? (
            <>
              <ChevronRight aria-hidden className={cn("size-4 shrink-0 text-soft transition-transform", line.open && "rotate-90")} />
              <span className="min-w-0 flex-1 truncate font-medium">{line.dataset.name}</span>
              <span className="text-xs text-soft tabular-nums">{line.count}</span>
            </>
          ) : (
            <SheetLine sheet={line.sheet} />
          )}
        </div>
      ))}
    </div>
  );
}

function SheetLine({ sheet }: { sheet: Sheet }) {
  const Icon = ICONS[sheet.type];
  return (
    <>
      <Icon aria-hidden className="size-4 shrink-0 text-soft" />
      <span className="min-w-0 flex-1 truncate">{sheet.name}</span>
    </>
  );
}
