"use client";

import { RefreshCw, Workflow } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Screen } from "@/components/ui/screen";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { may, projectAddress, useProject } from "@/features/projects";
import { useSheets, type Sheet } from "@/features/sheets";
import { nodesOf, renewable, type Node } from "./graph";
import { GraphView } from "./graph-view";
import { NodeDetails } from "./node-details";
import { useRenew, type Failure } from "./queries";

/** How the project's sheets hang together, and what is not up to date. */
export function WorkflowScreen() {
  const project = useProject();
  const sheets = useSheets(project.id);
  if (sheets.data) return <Sheets sheets={sheets.data} />;
  return (
    <Screen title="Workflow">
      {sheets.isPending ? (
        <Skeleton className="h-72" />
      ) : (
        <Trouble error={sheets.error} again={() => void sheets.refetch()} />
      )}
    </Screen>
  );
}

function Sheets({ sheets }: { sheets: readonly Sheet[] }) {
  const project = useProject();
  const asked = useSearchParams().get("s");
  const nodes = useMemo(() => nodesOf(sheets), [sheets]);
  const { renew, done } = useRenew(project.id);
  const editor = may(project, "editor");
  const old = renewable(nodes);
  const chosen = nodes.find((node) => node.sheet.address === asked);
  if (!nodes.some((node) => node.language !== null)) return <NothingMade empty={nodes.length === 0} />;

  return (
    <Screen
      title="Workflow"
      wide
      lead={leadOf(nodes)}
      actions={
        editor &&
        old.length > 0 && (
          <Button look="primary" busy={renew.isPending} onClick={() => renew.mutate(old)}>
            <RefreshCw aria-hidden className="size-4" />
            Bring all up to date
          </Button>
        )
      }
    >
      <p role="status" className="mb-4 text-sm text-soft empty:hidden">
        {renew.isPending ? `${done} of ${renew.variables.length} done.` : ""}
      </p>
      {renew.data && renew.data.length > 0 && <Failures failed={renew.data} />}
      <GraphView nodes={nodes} projectId={project.id} chosen={asked} />
      {chosen && (
        <NodeDetails
          node={chosen}
          projectId={project.id}
          busy={renew.isPending}
          onRenew={editor && chosen.language === "sql" ? () => renew.mutate([chosen]) : undefined}
        />
      )}
    </Screen>
  );
}

function leadOf(nodes: readonly Node[]): string {
  const old = nodes.filter((node) => node.stale.length > 0).length;
  const state = old === 0 ? "All is up to date." : `${old === 1 ? "One sheet is" : `${old} sheets are`} not up to date.`;
  return `How your sheets hang together. ${state}`;
}

function Failures({ failed }: { failed: readonly Failure[] }) {
  return (
    <ul role="alert" className="mb-4 grid gap-1 rounded-lg border border-line bg-bad-tint p-4 text-sm">
      {failed.map(({ address, why }) => (
        <li key={address}>
          <span className="font-medium">{address}</span>: {why}
        </li>
      ))}
    </ul>
  );
}

function NothingMade({ empty }: { empty: boolean }) {
  const project = useProject();
  return (
    <>
      <title>Workflow · OryxForge</title>
      <h1 className="sr-only">Workflow</h1>
      <Empty
        icon={Workflow}
        title={empty ? "No sheets yet" : "Nothing is made from your data yet"}
        action={
          <Link href={projectAddress(empty ? "data" : "chat", project.id)} prefetch={false} className="link">
            {empty ? "Bring data" : "Ask a question"}
          </Link>
        }
      >
        {empty
          ? "Here you will see how sheets hang together. It begins with a file."
          : "Tables, charts and reports that answers make appear here, with what they were made from, and whether that has changed since."}
      </Empty>
    </>
  );
}
