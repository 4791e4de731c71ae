"use client";

import { Check, Copy, RotateCcw } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { answerText, startOfAnswer } from "./fold";
import type { Item } from "./items";
import { agentName } from "./steps";

const SHOWN_MS = 1500;

interface AnswerFootProps {
  items: readonly Item[];
  /** The last item of the answer. */
  at: number;
  /** Has the last question answered anew; null where it can't be. */
  regenerate: (() => void) | null;
}

/** Who answered, and what can be done with the answer. */
export function AnswerFoot({ items, at, regenerate }: AnswerFootProps) {
  const question = items[startOfAnswer(items, at) - 1];
  const agent = question?.kind === "asked" ? question.agent : null;
  return (
    <div className="-ml-2.5 flex items-center pt-1">
      {answerText(items, at) !== "" && <CopyButton label="Copy the answer" text={() => answerText(items, at)} />}
      {regenerate && (
        <IconButton label="Answer anew" onClick={regenerate}>
          <RotateCcw aria-hidden className="size-4" />
        </IconButton>
      )}
      {agent !== null && <span className="ml-2.5 text-xs text-soft">{agentName(agent)}</span>}
    </div>
  );
}

export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <IconButton label={label} onClick={() => void navigator.clipboard.writeText(text()).then(() => setCopied(true))}>
        {copied ? <Check aria-hidden className="size-4 text-good" /> : <Copy aria-hidden className="size-4" />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
