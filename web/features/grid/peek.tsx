"use client";

import { Copy } from "lucide-react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { kindWord, wholeCell } from "./kinds";
import type { Placed } from "./layout";

export interface Peeked {
  readonly column: Placed;
  readonly row: number;
  readonly value: unknown;
}

/** A cell's whole content. */
export function Peek({ peeked, onClose }: { peeked: Peeked; onClose: () => void }) {
  const { column, row, value } = peeked;
  const text = typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : wholeCell(value, column.type);
  const said = value === null ? "Nothing is in this cell." : text === "" ? "An empty text is in this cell." : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={column.name}
      description={`Row ${(row + 1).toLocaleString("en")} · ${kindWord(column.type)}`}
      className="max-w-xl"
    >
      {said !== null ? (
        <p className="text-soft">{said}</p>
      ) : (
        <div className="grid gap-4">
          <pre
            tabIndex={0}
            className="max-h-[45dvh] overflow-auto rounded-lg border border-line bg-panel p-4 text-sm whitespace-pre-wrap break-words select-text"
          >
            {text}
          </pre>
          <Button
            className="justify-self-end"
            onClick={() => void navigator.clipboard.writeText(text).then(() => toast.success("Cell copied.", { id: "copied" }))}
          >
            <Copy aria-hidden className="size-4" />
            Copy
          </Button>
        </div>
      )}
    </Dialog>
  );
}
