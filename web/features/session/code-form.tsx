"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { recover, useSessionStore } from "./session";
import { byCode, type Mail } from "./ways";

/** What to do once a mail is on its way: open its link, or type its code here. */
export function CodeForm({ mail, own, onBack }: { mail: Mail; own: boolean; onBack: () => void }) {
  const supabase = useSessionStore((s) => s.supabase);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (supabase === null) return;
    setBusy(true);
    if (mail.type === "recovery") recover(true);
    const why = await byCode(supabase, mail, code);
    if (why !== null) recover(false);
    setBusy(false);
    setRefused(why);
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <p role="status">
        If <strong className="font-medium break-words">{mail.email}</strong> can sign in here, a mail is on its way. Open
        its link, or type its code.
      </p>
      {own && (
        <p className="text-sm text-soft">
          Without a mail server, mails wait in the outbox: the owner of this installation finds it in the settings.
        </p>
      )}
      <Field
        label="Code from the mail"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        value={code}
        onValue={setCode}
        error={refused}
      />
      <Button look="primary" type="submit" busy={busy} className="min-h-10">
        Go on
      </Button>
      <button type="button" className="link justify-self-start text-sm" onClick={onBack}>
        Back
      </button>
    </form>
  );
}
