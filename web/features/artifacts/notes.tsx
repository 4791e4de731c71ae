"use client";

import { useMemo } from "react";
import { Markdown } from "@/components/ui/markdown";
import type { Text } from "./report";
import { numbered, type Mark, type Note } from "./report-notes";

/** Text of a report, with raised numbers that lead to its notes. */
export function Noted({ text, marks, className }: { text: string; marks: readonly Mark[]; className?: string }) {
  const plugins = useMemo(() => [numbered(marks)], [marks]);
  return <Markdown text={text} plugins={plugins} {...(className === undefined ? {} : { className })} />;
}

/** What the numbers lead to, at the end of a report. */
export function NoteList({ notes }: { notes: readonly (Note & Omit<Text, "kind">)[] }) {
  return (
    <section className="mt-8 border-t border-line pt-4 text-sm text-soft">
      <p className="font-medium">Notes</p>
      <ol className="mt-2 grid list-decimal gap-2 pl-6">
        {notes.map(({ number, text, marks }) => (
          <li key={number} id={`note-${number}`} className="min-w-0 scroll-mt-4 target:text-ink">
            <Noted text={text} marks={marks} />
          </li>
        ))}
      </ol>
    </section>
  );
}
