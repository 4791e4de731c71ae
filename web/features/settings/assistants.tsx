"use client";

import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { askForNewProject, useCurrentProject, useProjects, type Project } from "@/features/projects";
import { CopyBlock } from "./copy-block";
import {
  calledOf, claudeByHttp, claudeByProgram, isThisMachine, jsonByHttp, jsonByProgram, jsonByProgramElsewhere, mcpAddress,
} from "./mcp";
import { SetupTabs } from "./setup-tabs";
import { TokenDialog } from "./token-dialog";

/** How assistants elsewhere come to work with a project. */
export function Assistants() {
  const projects = useProjects();
  const current = useCurrentProject();
  const [picked, setPicked] = useState<string | null>(null);
  if (projects.isPending) return <Skeleton className="h-64" />;
  if (projects.isError) return <Trouble error={projects.error} again={() => void projects.refetch()} />;
  const project = projects.data.find(({ id }) => id === picked) ?? current ?? projects.data[0];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <p className="text-pretty">
        An assistant that speaks MCP gets the tools of the analyst in the chat: it looks at a project&apos;s sheets, runs
        SQL, and saves tables, charts and reports.
      </p>
      {project === undefined ? (
        <NoProject />
      ) : (
        <>
          <Choice
            className="max-w-sm"
            label="Project"
            value={project.id}
            options={projects.data.map(({ id, name }) => [id, name] as const)}
            onValue={setPicked}
          />
          <Setups project={project} called={calledOf(project, projects.data)} />
        </>
      )}
    </div>
  );
}

function NoProject() {
  return (
    <div className="grid justify-items-start gap-3">
      <p>You have no project yet, so there is nothing to work with.</p>
      <Button onClick={askForNewProject}>
        <Plus aria-hidden className="size-4" />
        New project
      </Button>
    </div>
  );
}

function Setups({ project, called }: { project: Project; called: string }) {
  const [making, setMaking] = useState(false);
  const { origin } = location;
  const address = mcpAddress(origin, project.id);
  const newToken = (
    <Button className="justify-self-start" onClick={() => setMaking(true)}>
      <Plus aria-hidden className="size-4" />
      New token
    </Button>
  );
  return (
    <>
      <SetupTabs
        label="How to add it"
        tabs={[
          ["Claude Code", <ClaudeCode address={address} newToken={newToken} />],
          ["JSON (http)", <Json address={address} newToken={newToken} />],
          isThisMachine(origin)
            ? ["Same machine", <SameMachine called={called} />]
            : ["Program (stdio)", <Program origin={origin} called={called} newToken={newToken} />],
        ]}
      />
      {making && <TokenDialog project={project} open="MCP" onClose={() => setMaking(false)} />}
    </>
  );
}

interface ByHttp {
  address: string;
  newToken: ReactNode;
}

function ClaudeCode({ address, newToken }: ByHttp) {
  return (
    <>
      <CopyBlock label="the Claude Code lines" text={claudeByHttp(address)} />
      <Note>
        It takes a token for scripts from <code>ORYXFORGE_TOKEN</code>.
      </Note>
      {newToken}
    </>
  );
}

function Json({ address, newToken }: ByHttp) {
  return (
    <>
      <CopyBlock label="the JSON over http" text={jsonByHttp(address)} />
      <Note>
        For Cursor, Claude Code&apos;s <code>.mcp.json</code> and the like; VS Code says <code>servers</code> for{" "}
        <code>mcpServers</code>. <TokenInPlace />
      </Note>
      {newToken}
    </>
  );
}

function SameMachine({ called }: { called: string }) {
  return (
    <>
      <Note>
        No token is needed on the computer where <code>oryxforge up</code> runs. Where <code>oryxforge</code> is not on the{" "}
        <code>PATH</code>, write its whole path. Claude Code:
      </Note>
      <CopyBlock label="the line for this machine" text={claudeByProgram(called)} />
      <Note>Claude Desktop and others that start programs:</Note>
      <CopyBlock label="the JSON for this machine" text={jsonByProgram(called)} />
    </>
  );
}

function Program({ origin, called, newToken }: { origin: string; called: string; newToken: ReactNode }) {
  return (
    <>
      <CopyBlock label="the JSON of a program" text={jsonByProgramElsewhere(origin, called)} />
      <Note>
        For Claude Desktop and others that start programs; OryxForge is installed on that computer too. <TokenInPlace />
      </Note>
      {newToken}
    </>
  );
}

function TokenInPlace() {
  return (
    <>
      Claude Code fills in <code>{"${ORYXFORGE_TOKEN}"}</code>; for others put a token in its place.
    </>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <p className="text-sm text-pretty text-soft">{children}</p>;
}
