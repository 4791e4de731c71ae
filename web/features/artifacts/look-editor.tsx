"use client";

import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { saying } from "@/lib/problem";
import { changeOf, converted, kindOf, KINDS, kindsFor, retitled, type Kind } from "./convert";
import { titleText, type Figure } from "./figure";
import { useSaveLook, type Sheet } from "./queries";

interface LookEditorProps {
  sheet: Sheet;
  before: Figure;
  /** What is shown while it is changed. */
  look: Figure;
  onLook: (look: Figure) => void;
  onDone: () => void;
}

/** Another title or kind of a chart; its values stay, and saving makes a new version. */
export function LookEditor({ sheet, before, look, onLook, onDone }: LookEditorProps) {
  const own = titleText(before.layout) || sheet.name;
  const [title, setTitle] = useState(own);
  const save = useSaveLook(sheet);
  const kinds = kindsFor(before);
  const kind = kindOf(look);
  const isRetitled = title.trim() !== own && title.trim() !== "";
  const what = changeOf(before, look, isRetitled);

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate(
      { figure: isRetitled ? retitled(look, title.trim()) : look, what },
      {
        onSuccess: ({ version }) => {
          toast.success(`Saved as version ${version}.`);
          onDone();
        },
        onError: (error) => toast.error(saying(error)),
      },
    );
  }

  return (
    <form onSubmit={submit} className="mb-4 grid items-end gap-3 rounded-lg border border-line bg-panel p-3 sm:grid-cols-[1fr_auto]">
      <Field label="Title" value={title} onValue={setTitle} maxLength={200} autoComplete="off" />
      {kinds.length > 0 && (
        <Choice
          label="Kind"
          value={kind ?? "mixed"}
          options={[...(kind === null ? ([["mixed", "As it is"]] as const) : []), ...KINDS.filter(([one]) => kinds.includes(one))]}
          onValue={(next: Kind | "mixed") => onLook(next === "mixed" ? before : backOr(before, next))}
        />
      )}
      <div className="flex flex-wrap items-center justify-end gap-2 sm:col-span-2">
        <p className="flex-1 text-xs text-soft">The values and the code stay; the version before is kept.</p>
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button look="primary" type="submit" busy={save.isPending} disabled={what === ""}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** The chart as it was, where its own kind is chosen again. */
function backOr(before: Figure, kind: Kind): Figure {
  return kindOf(before) === kind ? before : converted(before, kind);
}
