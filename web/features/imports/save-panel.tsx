"use client";

import { useId, type Dispatch } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import type { ChoiceEvent, Clash, Into } from "./choices";
import type { Dataset } from "./queries";
import { many } from "@/lib/words";

export interface TargetRow {
  readonly sheet: string;
  readonly name: string;
  readonly taken: boolean;
  readonly note: Clash | null;
}

interface SavePanelProps {
  rows: readonly TargetRow[];
  into: Into;
  datasets: readonly Dataset[];
  /** What the server has against it, in words, and whether the name of the new dataset is taken. */
  refused: string | null;
  onInto?: (() => void) | null;
  busy: boolean;
  readable: boolean;
  newVersions: boolean;
  choose: Dispatch<ChoiceEvent>;
  onImport: () => void;
}

const NEW = "new";

/** Which sheets go where, and the button that does it. */
export function SavePanel({ rows, into, datasets, refused, onInto = null, busy, readable, newVersions, choose, onImport }: SavePanelProps) {
  const taken = rows.filter((row) => row.taken);
  const blocked = !readable || taken.length === 0 || taken.some((row) => row.note?.bad) || (into.kind === "new" && into.name.trim() === "");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) onImport();
      }}
      className="grid content-start gap-5 rounded-xl border border-line bg-raised p-5"
    >
      <Choice
        label="Into"
        value={into.kind === "new" ? NEW : into.id}
        options={[...datasets.map((d) => [d.id, d.name] as const), [NEW, "A new dataset …"]]}
        onValue={(id) => choose({ type: "into", into: id === NEW ? { kind: "new", name: "" } : { kind: "old", id } })}
      />
      {into.kind === "new" && (
        <Field
          label="Name of the dataset"
          required
          maxLength={200}
          autoComplete="off"
          value={into.name}
          onValue={(name) => choose({ type: "into", into: { kind: "new", name } })}
        />
      )}
      <fieldset className="grid gap-3">
        <legend className="mb-2 text-sm font-medium">{rows.length === 1 ? "As" : "Sheets"}</legend>
        {rows.map((row) => (
          <TargetField key={row.sheet} row={row} alone={rows.length === 1} choose={choose} />
        ))}
      </fieldset>
      {(newVersions || rows.some((row) => row.taken && row.note?.versionable)) && (
        <label className="flex items-start gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={newVersions}
            onChange={(event) => choose({ type: "new-versions", on: event.target.checked })}
            className="mt-0.5 size-4 accent-(--accent)"
          />
          <span>
            Make new versions of sheets that are there
            <span className="block text-xs text-soft">The older versions stay, and can be gone back to.</span>
          </span>
        </label>
      )}
      {refused !== null && (
        <div role="alert" className="rounded-lg bg-bad-tint p-3 text-sm">
          <p>{refused}</p>
          {onInto && (
            <Button className="mt-2" onClick={onInto}>
              Import into that one
            </Button>
          )}
        </div>
      )}
      <Button type="submit" look="primary" busy={busy} disabled={blocked}>
        {taken.length === 0 ? "Choose a sheet" : rows.length === 1 ? "Import" : `Import ${many(taken.length, "sheet")}`}
      </Button>
    </form>
  );
}

function TargetField({ row, alone, choose }: { row: TargetRow; alone: boolean; choose: Dispatch<ChoiceEvent> }) {
  const id = useId();
  return (
    <div className={cn("grid items-center gap-x-2.5 gap-y-1", alone ? "grid-cols-1" : "grid-cols-[auto_minmax(0,1fr)]")}>
      {!alone && (
        <input
          type="checkbox"
          aria-label={`Import ${row.sheet}`}
          checked={row.taken}
          onChange={(event) => choose({ type: "taken", sheet: row.sheet, taken: event.target.checked })}
          className="size-4 accent-(--accent)"
        />
      )}
      <input
        aria-label={alone ? "Name of the sheet" : `Name for ${row.sheet}`}
        aria-describedby={row.note ? id : undefined}
        aria-invalid={row.note?.bad || undefined}
        value={row.name}
        maxLength={200}
        disabled={!row.taken}
        onChange={(event) => choose({ type: "name", sheet: row.sheet, name: event.target.value })}
        className="h-10 w-full min-w-0 rounded-md border border-edge bg-paper px-3 text-base disabled:opacity-50"
      />
      {row.taken && row.note && (
        <p id={id} className={cn("-col-end-1 text-xs", row.note.bad ? "text-bad" : "text-soft")}>
          {row.note.words}
        </p>
      )}
    </div>
  );
}
