"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { Info } from "lucide-react";
import { Popover } from "radix-ui";
import { useRef } from "react";
import { cn } from "@/components/ui/cn";
import { isNumeric, TYPES, typeWord } from "./kind-words";
import type { SheetReading } from "./queries";
import { isDoubtful } from "./reading-settings";
import { number } from "@/lib/words";

const COLUMN_PX = 160;
const NUMBER_PX = 48;

interface SheetTableProps {
  sheet: SheetReading;
  /** Types that were chosen, by column. */
  chosen: ReadonlyMap<string, string>;
  onType: (column: string, type: string | null) => void;
  busy: boolean;
}

/** The first rows of a sheet, the type of each column and why; only the columns in sight are drawn. */
export function SheetTable({ sheet, chosen, onType, busy }: SheetTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const columns = useVirtualizer({
    horizontal: true,
    count: sheet.columns.length,
    estimateSize: () => COLUMN_PX,
    getScrollElement: () => box.current,
    overscan: 3,
    paddingStart: NUMBER_PX,
  });
  const shown = columns.getVirtualItems();
  const before = Math.max(0, (shown[0]?.start ?? 0) - NUMBER_PX);
  const after = Math.max(0, columns.getTotalSize() - (shown.at(-1)?.end ?? 0));
  return (
    <div
      ref={box}
      tabIndex={0}
      role="region"
      aria-label={`First rows of ${sheet.name}`}
      aria-busy={busy}
      className="max-h-[min(60dvh,44rem)] overflow-auto rounded-b-xl first:rounded-t-xl focus-visible:outline-offset-[-2px]"
    >
      <table className="table-fixed border-separate border-spacing-0 text-sm" style={{ width: columns.getTotalSize() }}>
        <thead>
          <tr>
            <th scope="col" style={{ width: NUMBER_PX }} className="sticky top-0 left-0 z-20 border-r border-b border-line bg-panel">
              <span className="sr-only">Row</span>
            </th>
            {before > 0 && <td style={{ width: before }} className="sticky top-0 z-10 border-b border-line bg-panel" />}
            {shown.map(({ index }) => (
              <Head key={index} column={sheet.columns[index]!} chosen={chosen} onType={onType} />
            ))}
            {after > 0 && <td style={{ width: after }} className="sticky top-0 z-10 border-b border-line bg-panel" />}
          </tr>
        </thead>
        <tbody className={cn("transition-opacity", busy && "opacity-50")}>
          {sheet.data.map((row, at) => (
            <tr key={at} className="group">
              <th scope="row" className="sticky left-0 z-10 border-r border-b border-line bg-panel px-2 text-right font-normal text-soft tabular-nums">
                {number(at + 1)}
              </th>
              {before > 0 && <td className="border-b border-line" />}
              {shown.map(({ index }) => (
                <Cell key={index} value={row[index]} type={sheet.columns[index]!.type} />
              ))}
              {after > 0 && <td className="border-b border-line" />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  column: SheetReading["columns"][number];
  chosen: ReadonlyMap<string, string>;
  onType: SheetTableProps["onType"];
}

function Head({ column, chosen, onType }: HeadProps) {
  const type = chosen.get(column.name);
  return (
    <th
      scope="col"
      style={{ width: COLUMN_PX }}
      className="sticky top-0 z-10 border-r border-b border-line bg-panel px-3 py-2 text-left align-top font-normal"
    >
      <span className="flex items-center gap-1">
        <span className="min-w-0 flex-1 truncate font-medium" title={column.name}>
          {column.name}
        </span>
        <Why column={column} />
      </span>
      <select
        aria-label={`Type of ${column.name}`}
        value={type ?? ""}
        title={column.why}
        onChange={(event) => onType(column.name, event.target.value || null)}
        className={cn(
          "mt-1 -ml-1 h-7 w-full rounded-md border border-transparent bg-transparent text-xs hover:border-edge hover:bg-raised",
          type ? "font-medium text-accent" : "text-soft",
        )}
      >
        <option value="">{type ? "As found" : typeWord(column.type)}</option>
        {TYPES.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </th>
  );
}

function Why({ column }: { column: HeadProps["column"] }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`Why ${column.name} is ${typeWord(column.type)}`}
        title={column.why}
        className={cn("-my-1 -mr-2 grid size-8 shrink-0 place-items-center rounded-md hover:bg-hover", isDoubtful(column) ? "text-warn" : "text-soft")}
      >
        <Info aria-hidden className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={4}
          collisionPadding={12}
          aria-label={`Why ${column.name} is ${typeWord(column.type)}`}
          className="appear z-50 max-w-72 rounded-lg border border-line bg-raised p-3 text-sm shadow-lift focus:outline-none"
        >
          {column.why}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Cell({ value, type }: { value: unknown; type: string }) {
  const empty = value === null || value === undefined;
  const words = empty ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return (
    <td
      title={words.length > 20 ? words : undefined}
      className={cn(
        "h-8 max-w-0 truncate border-r border-b border-line px-3 group-hover:bg-panel",
        isNumeric(type) && "text-right tabular-nums",
      )}
    >
      {empty ? <span className="text-soft">–</span> : words}
    </td>
  );
}
