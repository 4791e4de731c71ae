"use client";

import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { Markdown } from "@/components/ui/markdown";
import { ArtifactCard } from "@/features/artifacts";
import type { Item, Note, Offer, Thought } from "./items";
import { QuestionBubble } from "./question-bubble";
import { StepRow } from "./step-row";

export interface ItemActions {
  readonly projectId: string;
  readonly openArtifact: (sheetId: string) => void;
  /** Asks what a choice stands for; null where this person may not ask. */
  readonly choose: ((prompt: string) => void) | null;
  /** Asks another question in place of that at `seq`, in a new chat. */
  readonly branch: ((seq: number, prompt: string) => Promise<boolean>) | null;
  /** Names this chat among drafts. */
  readonly place: string;
}

interface ItemViewProps {
  item: Item;
  actions: ItemActions;
  /** It is the last of an answer that is still being written. */
  growing: boolean;
  /** The answer that it belongs to has ended. */
  over: boolean;
  /** Its choices may still be chosen. */
  open: boolean;
}

/** One thing of a chat. */
export const ItemView = memo(function ItemView({ item, actions, growing, over, open }: ItemViewProps) {
  switch (item.kind) {
    case "asked":
      return <QuestionBubble asked={item} ask={over ? actions.branch : null} place={actions.place} />;
    case "said":
      return <Markdown text={item.text} streaming={growing} />;
    case "thought":
      return <Thoughts thought={item} growing={growing} />;
    case "step":
      return <StepRow step={item} stopped={over} />;
    case "made":
      return <ArtifactCard projectId={actions.projectId} artifact={item.artifact} onOpen={actions.openArtifact} />;
    case "offer":
      return <Choices offer={item} choose={open ? actions.choose : null} />;
    case "note":
      return <NoteLine note={item} />;
  }
});

function Thoughts({ thought, growing }: { thought: Thought; growing: boolean }) {
  return (
    <details className="group text-sm text-soft">
      <summary className="-mx-2 flex min-h-9 w-fit cursor-pointer list-none items-center gap-2 rounded-md px-2 hover:bg-hover hover:text-ink [&::-webkit-details-marker]:hidden">
        {growing ? "Thinking…" : "Thoughts"}
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
      </summary>
      <Markdown text={thought.text} streaming={growing} className="mt-1 mb-2 border-l-2 border-line pl-4" />
    </details>
  );
}

function Choices({ offer, choose }: { offer: Offer; choose: ItemActions["choose"] }) {
  return (
    <div className="grid gap-2">
      {offer.text !== "" && <p>{offer.text}</p>}
      <ul className="flex flex-wrap gap-2">
        {offer.choices.map(({ label, prompt }, at) => (
          <li key={at} className="max-w-full">
            {choose ? (
              <button
                type="button"
                onClick={() => choose(prompt)}
                className="min-h-9 max-w-full wrap-anywhere rounded-full border border-edge bg-raised px-3.5 py-1.5 text-left text-sm hover:border-accent hover:bg-tint hover:text-accent"
              >
                {label}
              </button>
            ) : (
              <span className="inline-block max-w-full wrap-anywhere rounded-full border border-line px-3.5 py-1.5 text-sm text-soft">{label}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function NoteLine({ note }: { note: Note }) {
  return (
    <p className="border-l-2 border-line pl-3 text-sm text-soft">
      {note.code === "reading" && <span className="sr-only">How the question was read: </span>}
      {note.text}
    </p>
  );
}
