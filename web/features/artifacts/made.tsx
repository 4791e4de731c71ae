"use client";

import { Code } from "@/components/ui/code";
import { longDate, sinceWhen } from "@/lib/dates";
import type { Provenance } from "./artifact";
import { tookWord } from "./cells";

const LANGUAGES: Readonly<Record<string, string>> = { sql: "SQL", python: "Python", markdown: "Markdown" };

/** How a result was made: the code, what ran it, and the sheets that it read. */
export function Made({ provenance, at }: { provenance: Provenance; at: string }) {
  const { code, language, engine, agent, durationMs, reads } = provenance;
  return (
    <div className="grid gap-5">
      <Code text={code} language={language} />
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
        <Fact name="Language">{LANGUAGES[language] ?? language}</Fact>
        <Fact name="Ran by">{engine}</Fact>
        <Fact name="Written by">{agent}</Fact>
        <Fact name="Made">{`${longDate(at)}, ${sinceWhen(at)}`}</Fact>
        {durationMs !== null && <Fact name="Took">{tookWord(durationMs)}</Fact>}
      </dl>
      <section aria-label="Sheets read">
        <h3 className="text-sm font-medium">Read</h3>
        <ul className="mt-1 grid gap-1 text-sm">
          {reads.map((read) => (
            <li key={read.sheetId}>
              {read.sheet} <span className="text-soft">version {read.version}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
