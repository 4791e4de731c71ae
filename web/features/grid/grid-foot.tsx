"use client";

import { Copy, Maximize2 } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { many, number } from "@/lib/words";
import type { Layout } from "./layout";
import type { Pages } from "./pages";
import { boxOf, sizeOf, type Selection } from "./selection";
import { sumsOf } from "./sums";

interface GridFootProps {
  pages: Pages;
  layout: Layout;
  selection: Selection;
  total: number | null;
  onPeek: () => void;
  onCopy: () => void;
}

/** Below the grid: what is selected, and what fingers can do with it. */
export function GridFoot({ pages, layout, selection, total, onPeek, onCopy }: GridFootProps) {
  const cells = sizeOf(selection);
  if (total === 0 || cells === 0) return <div className="h-10 shrink-0 border-t border-line bg-panel" />;
  const sums = sumsOf(selection, layout, (index) => pages.row(index));
  return (
    <div className="flex h-10 shrink-0 items-center gap-3 border-t border-line bg-panel pr-1 pl-3 text-xs text-soft tabular-nums">
      <p className="min-w-0 flex-1 truncate">{placeWords(selection, layout)}</p>
      {sums && (
        <p className="flex min-w-0 gap-3 truncate">
          <span>
            Sum <b className="font-medium text-ink">{figure(sums.sum)}</b>
          </span>
          <span className="max-sm:hidden">
            Mean <b className="font-medium text-ink">{figure(sums.mean)}</b>
          </span>
        </p>
      )}
      <span className="flex">
        {cells === 1 && (
          <IconButton label="Open the cell" onClick={onPeek}>
            <Maximize2 aria-hidden className="size-3.5" />
          </IconButton>
        )}
        <IconButton label="Copy what is selected" onClick={onCopy}>
          <Copy aria-hidden className="size-3.5" />
        </IconButton>
      </span>
    </div>
  );
}

function placeWords(selection: Selection, layout: Layout): string {
  const { top, bottom, left, right } = boxOf(selection);
  const [high, wide] = [bottom - top + 1, right - left + 1];
  if (high === 1 && wide === 1) return `Row ${number(top + 1)}, ${layout.columns[left]?.name ?? ""}`;
  return `${many(high, "row")} × ${many(wide, "column")}`;
}

function figure(n: number): string {
  return n.toLocaleString("en", { maximumFractionDigits: 4 });
}
