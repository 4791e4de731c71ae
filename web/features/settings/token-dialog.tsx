"use client";

import { Tabs } from "radix-ui";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { CopyText } from "@/components/ui/copy-text";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { longDate } from "@/lib/dates";
import { saying } from "@/lib/problem";
import { CopyBlock } from "./copy-block";
import { useMakeToken, type NewToken } from "./queries";
import { setupsOf } from "./setups";

type Days = "7" | "30" | "90" | "365";

const DAYS: readonly (readonly [Days, string])[] = [
  ["7", "a week"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "a year"],
];

/** Makes a token, and shows it once with how it is used. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewToken | null>(null);
  return made === null ? (
    <Dialog open onClose={onClose} title="New token" description="It may do all that you may, until it runs out.">
      <MakeForm onMade={setMade} />
    </Dialog>
  ) : (
    <Dialog
      open
      onClose={onClose}
      className="max-w-2xl"
      title={made.name}
      description={`Copy it now: it is not shown again. It runs out on ${longDate(made.expires_at)}.`}
    >
      <Shown token={made.token} onDone={onClose} />
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

function Shown({ token, onDone }: { token: string; onDone: () => void }) {
  const setups = setupsOf(location.origin);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <CopyText label="the token" text={token} />
      <p className="text-sm text-soft">
        Keep it in the variable <code>ORYXFORGE_TOKEN</code> of whatever runs the script, then:
      </p>
      <Tabs.Root defaultValue={setups[0]?.name ?? ""} className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <Tabs.List aria-label="How to use it" className="flex flex-wrap gap-1 border-b border-line">
          {setups.map(({ name }) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="-mb-px min-h-9 border-b-2 border-transparent px-3 text-sm text-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {setups.map(({ name, text }) => (
          <Tabs.Content key={name} value={name}>
            <CopyBlock label={`the ${name} lines`} text={text} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
      <Button look="primary" className="justify-self-start" onClick={onDone}>
        I have it
      </Button>
    </div>
  );
}
