"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { CopyText } from "@/components/ui/copy-text";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import type { Project } from "@/features/projects";
import { longDate } from "@/lib/dates";
import { saying } from "@/lib/problem";
import { CopyBlock } from "./copy-block";
import { claudeByHttp, jsonByHttp, mcpAddress } from "./mcp";
import { useMakeToken, type NewToken } from "./queries";
import { SetupTabs } from "./setup-tabs";
import { setupsOf } from "./setups";

type Days = "7" | "30" | "90" | "365";

const DAYS: readonly (readonly [Days, string])[] = [
  ["7", "a week"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "a year"],
];

interface TokenDialogProps {
  /** Whose MCP server is shown among the uses. */
  project: Project | undefined;
  /** The use that is looked at first. */
  open?: string;
  onClose: () => void;
}

/** Makes a token, and shows it once with how it is used. */
export function TokenDialog({ project, open, onClose }: TokenDialogProps) {
  const [made, setMade] = useState<NewToken | null>(null);
  return made === null ? (
    <Dialog open onClose={onClose} title="New token" description="It may do all that you may, until it runs out.">
      <MakeForm onMade={setMade} />
    </Dialog>
  ) : (
    <Dialog
      open
      onClose={onClose}
      className="max-w-2xl!"
      title={made.name}
      description={`Copy it now: it is not shown again. It runs out on ${longDate(made.expires_at)}.`}
    >
      <Shown token={made.token} project={project} open={open} onDone={onClose} />
    </Dialog>
  );
}

function MakeForm({ onMade }: { onMade: (token: NewToken) => void }) {
  const make = useMakeToken();
  const [name, setName] = useState("");
  const [days, setDays] = useState<Days>("90");

  function submit(event: FormEvent) {
    event.preventDefault();
    make.mutate({ name, days: Number(days) }, { onSuccess: onMade });
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        autoFocus
        label="What it is for"
        placeholder="Nightly report"
        autoComplete="off"
        required
        maxLength={100}
        value={name}
        onValue={setName}
        error={make.isError ? saying(make.error) : null}
      />
      <Choice label="Good for" value={days} options={DAYS} onValue={setDays} />
      <Button look="primary" type="submit" busy={make.isPending} className="justify-self-start">
        Make the token
      </Button>
    </form>
  );
}

interface ShownProps {
  token: string;
  project: Project | undefined;
  open: string | undefined;
  onDone: () => void;
}

function Shown({ token, project, open, onDone }: ShownProps) {
  const uses = setupsOf(location.origin).map(
    ({ name, text }) => [name, <CopyBlock label={`the ${name} lines`} text={text} />] as const,
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <CopyText label="the token" text={token} />
      <p className="text-sm text-soft">
        Keep it in the variable <code>ORYXFORGE_TOKEN</code> of whatever runs the script, then:
      </p>
      <SetupTabs
        label="How to use it"
        open={open}
        tabs={project === undefined ? uses : [...uses, ["MCP", <ByMcp project={project} />]]}
      />
      <Button look="primary" className="justify-self-start" onClick={onDone}>
        I have it
      </Button>
    </div>
  );
}

function ByMcp({ project }: { project: Project }) {
  const address = mcpAddress(location.origin, project.id);
  return (
    <>
      <p className="text-sm break-words text-soft">Claude Code, in the project {project.name}:</p>
      <CopyBlock label="the Claude Code lines" text={claudeByHttp(address)} />
      <p className="text-sm text-soft">Other assistants, with the token itself where they don&apos;t fill it in:</p>
      <CopyBlock label="the JSON over http" text={jsonByHttp(address)} />
    </>
  );
}
