"use client";

import { Pencil } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "./answer-foot";
import { useDraft } from "./drafts";
import type { Asked } from "./items";

const LONG = 1200;

interface QuestionBubbleProps {
  asked: Asked;
  /** Asks another one in its place, in a new chat; null where this person may not, or not now. */
  ask: ((seq: number, prompt: string) => Promise<boolean>) | null;
  /** Where a changed question is kept while it is typed. */
  place: string;
}

/** A question as it was asked: text, nothing in it is drawn as anything else. */
export function QuestionBubble({ asked, ask, place }: QuestionBubbleProps) {
  const [draft, setDraft] = useDraft(`${place}:edit:${asked.seq}`);
  const [editing, setEditing] = useState(false);
  const close = () => {
    setDraft("");
    setEditing(false);
  };
  if (ask && (editing || draft !== "")) {
    return <Editor text={draft} onText={setDraft} onClose={close} onAsk={async () => (await ask(asked.seq, draft.trim())) && close()} />;
  }
  return (
    <div className="group flex items-start justify-end gap-1 pt-4">
      <h2 className="sr-only">Question</h2>
      <span className="flex pt-1 opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        <CopyButton label="Copy the question" text={() => asked.text} />
        {ask && (
          <IconButton
            label="Change the question"
            onClick={() => {
              setDraft(asked.text);
              setEditing(true);
            }}
          >
            <Pencil aria-hidden className="size-4" />
          </IconButton>
        )}
      </span>
      <Words text={asked.text} />
    </div>
  );
}

function Words({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  const long = text.length > LONG;
  return (
    <div className="max-w-[88%] min-w-0 rounded-2xl rounded-br-md bg-tint px-4 py-2.5">
      <p className={cn("break-words whitespace-pre-wrap", long && !open && "line-clamp-12")}>{text}</p>
      {long && (
        <button type="button" onClick={() => setOpen(!open)} className="link mt-1 text-sm">
          {open ? "Show less" : "Show all"}
        </button>
      )}
    </div>
  );
}

interface EditorProps {
  text: string;
  onText: (text: string) => void;
  onAsk: () => Promise<unknown>;
  onClose: () => void;
}

function Editor({ text, onText, onAsk, onClose }: EditorProps) {
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  async function submit() {
    if (text.trim() === "" || busy) return;
    setBusy(true);
    await onAsk();
    setBusy(false);
  }
  return (
    <form
      data-keeps-escape
      aria-label="Change the question"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      className="mt-4 rounded-2xl border border-edge bg-raised p-3 focus-within:border-accent"
    >
      <h2 className="sr-only">Question</h2>
      <textarea
        ref={field}
        aria-label="Changed question"
        value={text}
        rows={Math.min(10, text.split("\n").length + 1)}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Escape") onClose();
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          void submit();
        }}
        className="block w-full resize-none bg-transparent px-1 focus-visible:outline-none"
      />
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <p className="min-w-0 flex-1 px-1 text-xs text-soft">Asked in a new chat; this one stays as it is.</p>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button look="primary" type="submit" busy={busy} disabled={text.trim() === ""}>
          Ask
        </Button>
      </div>
    </form>
  );
}
