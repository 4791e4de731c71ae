"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState, type CSSProperties } from "react";
import { IconButton } from "./button";
import { cn } from "./cn";
import { highlight, type Token } from "./highlight";

const SHOWN_MS = 1500;
/** The faces of code in the page's own colours, so that both themes have them. */
const COLOURS = {
  "--code-foreground": "var(--ink)",
  "--code-token-keyword": "var(--accent)",
  "--code-token-string": "var(--warn)",
  "--code-token-string-expression": "var(--warn)",
  "--code-token-constant": "var(--bad)",
  "--code-token-function": "var(--ink)",
  "--code-token-parameter": "var(--ink)",
  "--code-token-punctuation": "var(--soft)",
  "--code-token-comment": "var(--soft)",
  "--code-token-link": "var(--accent)",
} as CSSProperties;

interface CodeProps {
  text: string;
  /** `sql`, `python` and `json` are coloured; others are shown plain. */
  language: string;
  /** What the copied thing is called; the button reads “Copy the code”. */
  named?: string;
  className?: string;
}

/** Code to be read and copied; plain until its colours are there, in the same place. */
export function Code({ text, language, named = "the code", className }: CodeProps) {
  const lines = useHighlighted(text, language);
  return (
    <div className={cn("group relative min-w-0", className)}>
      <pre
        tabIndex={0}
        aria-label={`Code in ${language}`}
        role="group"
        style={COLOURS}
        className="max-h-[60dvh] overflow-auto rounded-lg border border-line bg-panel py-3 pr-12 pl-4 text-sm leading-6 print:max-h-none print:whitespace-pre-wrap"
      >
        <code>{lines === null ? text : lines.map((line, n) => <Line key={n} tokens={line} last={n === lines.length - 1} />)}</code>
      </pre>
      <CopyButton text={text} named={named} />
    </div>
  );
}

function Line({ tokens, last }: { tokens: readonly Token[]; last: boolean }) {
  return (
    <>
      {tokens.map(({ content, color }, n) => (
        <span key={n} style={{ color }}>
          {content}
        </span>
      ))}
      {last ? "" : "\n"}
    </>
  );
}

function CopyButton({ text, named }: { text: string; named: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <span className="absolute top-1.5 right-1.5 rounded-md bg-panel print:hidden">
      <IconButton
        label={`Copy ${named}`}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {copied ? <Check aria-hidden className="size-4 text-good" /> : <Copy aria-hidden className="size-4" />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </span>
  );
}

function useHighlighted(text: string, language: string): readonly (readonly Token[])[] | null {
  const [done, setDone] = useState<{ of: string; lines: readonly (readonly Token[])[] } | null>(null);
  const key = `${language}\n${text}`;
  useEffect(() => {
    let left = false;
    highlight(text, language).then(
      (lines) => !left && lines !== null && setDone({ of: `${language}\n${text}`, lines }),
      // Without its colours the code is read all the same.
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [text, language]);
  return done?.of === key ? done.lines : null;
}
