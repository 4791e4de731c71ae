"use client";

import { useIsFetching } from "@tanstack/react-query";
import { ChevronRight, Download, Printer } from "lucide-react";
import { useMemo, useRef } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Skeleton } from "@/components/ui/skeleton";
import { saying } from "@/lib/problem";
import { provenanceOf } from "./artifact";
import { Failed } from "./failed";
import { Noted, NoteList } from "./notes";
import { fileName } from "./plotly";
import { isHead, useDocument, type Sheet } from "./queries";
import { headingsOf, partsOf, type Heading, type Part } from "./report";
import { asPage, printed, saveText } from "./report-files";
import { Shown } from "./shown";

const SIZES = ["display text-2xl", "display text-xl", "display text-lg", "font-medium", "font-medium", "font-medium"];

/** A version of a report as a document: its parts, what it shows, and a way out as a file or on paper. */
export function ReportView({ sheet, version }: { sheet: Sheet; version: number }) {
  const document = useDocument(sheet, version);
  const coming = useIsFetching({ predicate: isHead });
  const article = useRef<HTMLElement>(null);
  const text = typeof document.data === "string" ? document.data : null;
  const parts = useMemo(() => partsOf(text ?? ""), [text]);
  if (document.isPending) return <Skeleton className="m-4 h-80" />;
  if (document.isError) return <Failed error={document.error} again={() => void document.refetch()} />;
  const headings = headingsOf(parts);
  const out = (work: (of: HTMLElement) => Promise<void>): void => {
    if (article.current) work(article.current).catch((error: unknown) => toast.error(saying(error)));
  };
  return (
    <div className="@container">
      <div className="flex flex-wrap justify-end gap-1 px-4 pt-2">
        <Button look="quiet" busy={coming > 0} onClick={() => out((of) => printed(of, sheet.name))}>
          {coming === 0 && <Printer aria-hidden className="size-4" />}
          Print or save as PDF
        </Button>
        <Menu
          trigger={
            <Button look="quiet" aria-label={`Download ${sheet.name}`}>
              <Download aria-hidden className="size-4" />
              Download
            </Button>
          }
        >
          <MenuItem onSelect={() => saveText(`${fileName(sheet.name)}.md`, "text/markdown", text ?? "")}>Markdown</MenuItem>
          <MenuItem
            onSelect={() => out(async (of) => saveText(`${fileName(sheet.name)}.html`, "text/html", await asPage(of, sheet.name)))}
          >
            Page (HTML)
          </MenuItem>
        </Menu>
      </div>
      <div className="grid gap-x-10 px-4 pb-10 @3xl:grid-cols-[minmax(0,1fr)_13rem] @3xl:px-8">
        {headings.length > 2 && <Contents headings={headings} />}
        <article ref={article} className="min-w-0 max-w-[46rem] pt-2 @3xl:col-start-1 @3xl:row-start-1">
          {parts.map((part, n) => (
            <Piece key={n} part={part} sheet={sheet} />
          ))}
          {parts.length === 0 && <p className="text-soft">This report is empty.</p>}
        </article>
      </div>
    </div>
  );
}

function Piece({ part, sheet }: { part: Part; sheet: Sheet }) {
  switch (part.kind) {
    case "text":
      return <Noted text={part.text} marks={part.marks} className="my-3" />;
    case "heading":
      return <Title heading={part} />;
    case "notes":
      return <NoteList notes={part.notes} />;
    case "sheet": {
      const read = provenanceOf(sheet.metadata)?.reads.find((one) => one.sheet === part.name);
      return <Shown projectId={sheet.project_id} name={part.name} title={part.title} version={read?.version ?? null} />;
    }
  }
}

function Title({ heading: { level, text, id, marks } }: { heading: Heading }) {
  const Tag = (["h3", "h4", "h5", "h6", "h6", "h6"] as const)[level - 1] ?? "h6";
  return (
    <Tag id={id} tabIndex={-1} data-level={level} className={`mt-6 mb-2 scroll-mt-4 first:mt-0 focus:outline-none ${SIZES[level - 1] ?? ""}`}>
      {text}
      {marks.map(({ number, id: mark }) => (
        <sup key={number} id={mark ?? undefined}>
          <a href={`#note-${number}`} className="link">
            {number}
          </a>
        </sup>
      ))}
    </Tag>
  );
}

/** At the side where there is room for it, else folded above the text. */
function Contents({ headings }: { headings: readonly Heading[] }) {
  return (
    <>
      <nav aria-label="Contents" className="sticky top-4 hidden max-h-[70dvh] self-start overflow-y-auto pt-3 @3xl:col-start-2 @3xl:row-start-1 @3xl:block">
        <p className="mb-1 text-xs font-medium text-soft">Contents</p>
        <Lines headings={headings} />
      </nav>
      <details className="group mt-2 mb-4 rounded-lg border border-line bg-panel px-3 py-1 @3xl:hidden">
        <summary className="flex min-h-9 cursor-pointer list-none items-center gap-2 text-sm font-medium [&::-webkit-details-marker]:hidden">
          <ChevronRight aria-hidden className="size-4 text-soft transition-transform group-open:rotate-90" />
          Contents
        </summary>
        <nav aria-label="Contents">
          <Lines headings={headings} />
        </nav>
      </details>
    </>
  );
}

const INDENT = ["", "pl-3", "pl-6", "pl-9"];

function Lines({ headings }: { headings: readonly Heading[] }) {
  return (
    <ul className="border-l border-line pb-1">
      {headings.map(({ id, text, level }) => (
        <li key={id} className={INDENT[Math.min(level, INDENT.length) - 1]}>
          <a
            href={`#${id}`}
            onClick={(event) => {
              event.preventDefault();
              const heading = document.getElementById(id);
              heading?.scrollIntoView({ block: "start" });
              heading?.focus({ preventScroll: true });
            }}
            className="block min-h-6 py-1 pl-3 text-sm text-soft hover:text-ink"
          >
            {text}
          </a>
        </li>
      ))}
    </ul>
  );
}
