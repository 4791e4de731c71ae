"use client";

import { Tabs } from "radix-ui";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useGoTo, useSheets, useVersions } from "@/features/sheets";
import { provenanceOf } from "./artifact";
import { ChartView } from "./chart-view";
import { Made } from "./made";
import type { Sheet, Version } from "./queries";
import { ReportView } from "./report-view";
import { behind, behindWords } from "./stale";
import { TableView } from "./table-view";
import { useMay } from "./use-may";
import { Versions } from "./versions";

const NAMES = { table: "Table", chart: "Chart", report: "Report" } as const;
const TAB =
  "-mb-px min-h-10 border-b-2 border-transparent px-1 text-sm text-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink";

/** The tabs of a result; an older version is looked at until one goes back. */
export function ArtifactView({ sheet, first }: { sheet: Sheet; first: number | null }) {
  const [looked, setLooked] = useState(first);
  const [tab, setTab] = useState("it");
  const versions = useVersions(sheet.id);
  const number = looked ?? sheet.version;
  const old = number !== sheet.version;
  const version = versions.data?.versions.find((one) => one.number === number);
  const provenance = provenanceOf(old ? version : sheet.metadata);
  const lookAt = (next: number): void => {
    setLooked(next === sheet.version ? null : next);
    setTab("it");
  };
  return (
    <Tabs.Root value={tab} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
      <Tabs.List aria-label="Parts of the result" className="flex shrink-0 gap-5 border-b border-line px-4">
        <Tab value="it">{NAMES[sheet.type]}</Tab>
        {provenance !== null && <Tab value="code">{provenance.code === "" ? "Sources" : "Code"}</Tab>}
        <Tab value="versions">Versions</Tab>
      </Tabs.List>
      {old && <OldVersion sheet={sheet} number={number} onBack={() => setLooked(null)} />}
      {!old && <StaleNote sheet={sheet} onSee={() => setTab("code")} />}
      <Tabs.Content value="it" className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
        {sheet.type === "table" && <TableView sheet={sheet} version={number} />}
        {sheet.type === "chart" && <ChartView key={number} sheet={sheet} version={number} />}
        {sheet.type === "report" && <ReportView sheet={sheet} version={number} />}
      </Tabs.Content>
      {provenance !== null && (
        <Tabs.Content value="code" className="min-h-0 flex-1 overflow-auto p-4 focus-visible:-outline-offset-2">
          <Made key={number} sheet={sheet} provenance={provenance} at={madeAt(version, sheet)} old={old} />
        </Tabs.Content>
      )}
      <Tabs.Content value="versions" className="min-h-0 flex-1 overflow-auto p-4 focus-visible:-outline-offset-2">
        <Versions sheet={sheet} looked={number} onLook={lookAt} onCurrent={() => setLooked(null)} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Tab({ value, children }: { value: string; children: string }) {
  return (
    <Tabs.Trigger value={value} className={TAB}>
      {children}
    </Tabs.Trigger>
  );
}

function madeAt(version: Version | undefined, sheet: Sheet): string {
  return version?.created_at ?? sheet.created_at;
}

function OldVersion({ sheet, number, onBack }: { sheet: Sheet; number: number; onBack: () => void }) {
  const goTo = useGoTo(sheet.id);
  const may = useMay(sheet.project_id);
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-tint px-4 py-1.5 text-sm">
      <p className="flex-1">
        Version {number}; version {sheet.version} is the current one.
      </p>
      {may && (
        <Button look="quiet" busy={goTo.isPending} onClick={() => goTo.mutate(number, { onSuccess: onBack })}>
          Make it current
        </Button>
      )}
      <Button look="quiet" onClick={onBack}>
        Back
      </Button>
    </div>
  );
}

/** Says that a sheet that was read has changed since. */
function StaleNote({ sheet, onSee }: { sheet: Sheet; onSee: () => void }) {
  const sheets = useSheets(sheet.project_id);
  const provenance = provenanceOf(sheet.metadata);
  const [first, ...more] = provenance && sheets.data ? behind(provenance, sheets.data) : [];
  if (first === undefined) return null;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line bg-panel px-4 py-1.5 text-sm">
      <p className="flex-1">
        <strong className="font-medium text-warn">Older data.</strong> {behindWords(first)}
        {more.length > 0 && ` So ${more.length === 1 ? "is one more sheet" : `are ${more.length} more sheets`}.`}
      </p>
      <Button look="quiet" onClick={onSee}>
        See
      </Button>
    </div>
  );
}
