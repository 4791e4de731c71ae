"use client";

import type { SupabaseClient } from "@supabase/supabase-js";
import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { useSessionStore } from "./session";

export type Mode = "password" | "link" | "sign-up";

interface Said {
  readonly bad: boolean;
  readonly text: string;
}

const ACTIONS: Readonly<Record<Mode, string>> = {
  password: "Sign in",
  link: "Send the link",
  "sign-up": "Create the account",
};

export function CredentialsForm({ mode, email: given }: { mode: Mode; email: string }) {
  const supabase = useSessionStore((s) => s.supabase);
  const [email, setEmail] = useState(given);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Said | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (supabase === null) return;
    setBusy(true);
    setSaid(await signIn(supabase, mode, email.trim(), password));
    setBusy(false);
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="E-mail" type="email" autoComplete="username" required value={email} onValue={setEmail} />
      {mode !== "link" && (
        <Field
          label="Password"
          type="password"
          autoComplete={mode === "password" ? "current-password" : "new-password"}
          required
          value={password}
          onValue={setPassword}
        />
      )}
      <p role="status" className={said?.bad ? "text-sm text-bad" : "text-sm text-good"} hidden={said === null}>
        {said?.text}
      </p>
      <Button look="primary" type="submit" busy={busy}>
        {ACTIONS[mode]}
      </Button>
    </form>
  );
}

/** What to say afterwards; null where the session itself tells that it went well. */
async function signIn(auth: SupabaseClient, mode: Mode, email: string, password: string): Promise<Said | null> {
  if (mode === "link") {
    const { error } = await auth.auth.signInWithOtp({ email, options: { emailRedirectTo: location.href } });
    return error ? bad(error.message) : { bad: false, text: `A link is on its way to ${email}.` };
  }
  if (mode === "sign-up") {
    const { data, error } = await auth.auth.signUp({ email, password });
    if (error) return bad(error.message);
    return data.session ? null : { bad: false, text: `Open the link that was sent to ${email}.` };
  }
  const { error } = await auth.auth.signInWithPassword({ email, password });
  if (!error) return null;
  return bad(error.code === "invalid_credentials" ? "E-mail and password don't fit together." : error.message);
}

function bad(text: string): Said {
  return { bad: true, text };
}
