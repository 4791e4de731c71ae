"use client";

import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { many } from "@/lib/words";
import { exportView, FORMATS } from "./exporting";
import type { Source } from "./queries";
import { narrows, type Column, type View } from "./view";

interface ExportMenuProps {
  source: Source;
  columns: readonly Column[];
  view: View;
  total: number | null;
}

/** Takes the rows as they are looked at along as a file. */
export function ExportMenu({ source, columns, view, total }: ExportMenuProps) {
  const rows = total === null ? "All rows" : many(total, "row");
  return (
    <Menu
      trigger={
        <Button look="quiet" title="Export" className="px-2.5!">
          <Download aria-hidden className="size-4" />
          <span className="max-sm:sr-only">Export</span>
        </Button>
      }
      className="w-60"
    >
      <p className="px-2.5 py-1.5 text-xs text-soft">
        {rows}, {narrows(view) ? "as filtered" : "in the order shown"}
      </p>
      {FORMATS.map(([format, name, words]) => (
        <MenuItem key={format} onSelect={() => void exportView(source, columns, view, format)}>
          <span className="flex-1">{name}</span>
          <span className="text-xs text-soft">{words}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
