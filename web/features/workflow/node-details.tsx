"use client";

import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { projectAddress } from "@/features/projects";
import { addressOfSheet, useVersions } from "@/features/sheets";
import { sinceWhen } from "@/lib/dates";
import { because, type Node } from "./graph";

interface NodeDetailsProps {
  node: Node;
  projectId: string;
  /** Makes it anew; absent where that can't be done. */
  onRenew?: (() => void) | undefined;
  busy: boolean;
}

/** What is known of one sheet: how it was made, why it is not up to date, its versions. */
export function NodeDetails({ node, projectId, onRenew, busy }: NodeDetailsProps) {
  const { sheet, stale, reads, chatId } = node;
  return (
    <section aria-labelledby="chosen" className="mt-8 border-t border-line pt-6">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <h2 id="chosen" className="display min-w-0 text-xl break-words">
          {sheet.name}
        </h2>
        <div className="flex flex-wrap gap-2">
          {onRenew && (
            <Button look="primary" busy={busy} onClick={onRenew}>
              Run again
            </Button>
          )}
          <Link
            href={addressOfSheet(projectId, sheet)}
            prefetch={false}
            className="inline-flex min-h-9 items-center rounded-md border border-line bg-raised px-3.5 text-sm font-medium hover:bg-hover"
          >
            Open the {sheet.type === "table" ? "sheet" : sheet.type}
          </Link>
        </div>
      </div>
      {stale.length > 0 && (
        <ul className="mt-3 grid gap-1 text-sm text-warn">
          {stale.map((reason) => (
            <li key={reason.address}>{because(reason)}</li>
          ))}
        </ul>
      )}
      <p className="mt-3 text-pretty text-soft">
        {madeWords(node)}
        {chatId !== null && (
          <>
            {" "}
            <Link href={projectAddress("chat", projectId, { c: chatId })} prefetch={false} className="link">
              See the chat
            </Link>
          </>
        )}
      </p>
      {reads.length > 0 && (
        <p className="mt-1 text-sm text-soft">
          Made from {reads.map((read) => `${read.address} (version ${read.version})`).join(", ")}.
        </p>
      )}
      <History sheetId={sheet.id} />
    </section>
  );
}

function History({ sheetId }: { sheetId: string }) {
  const versions = useVersions(sheetId);
  if (versions.isPending) return <Skeleton className="mt-6 h-24" />;
  if (versions.isError) return <Trouble error={versions.error} again={() => void versions.refetch()} />;
  const { current } = versions.data;
  return (
    <>
      <h3 className="mt-6 text-sm font-medium">History</h3>
      <ol className="mt-2 divide-y divide-line rounded-xl border border-line bg-raised">
        {[...versions.data.versions]
          .sort((a, b) => b.number - a.number)
          .map((version) => (
            <li key={version.id} className="flex flex-wrap gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm">
              <span className="font-medium">
                Version {version.number}
                {version.number === current && <span className="text-soft"> (current)</span>}
              </span>
              <span className="text-soft tabular-nums">{version.rows.toLocaleString("en")} rows</span>
              <span className="text-soft">{sinceWhen(version.created_at)}</span>
            </li>
          ))}
      </ol>
    </>
  );
}

function madeWords({ agent, language }: Node): string {
  if (language === null) return "It was imported from a file.";
  const by = agent === "user" ? "by hand" : agent === "quick" ? "by the built-in analyst" : `by ${agent ?? "an agent"}`;
  return language === "markdown" ? `A report, written ${by}.` : `Made with ${language.toUpperCase()} ${by}.`;
}
