"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { useSessionStore } from "./session";
import { signIn, type Mail, type Mode } from "./ways";

const ACTIONS: Readonly<Record<Mode, string>> = {
  password: "Sign in",
  link: "Send a link and a code",
  forgotten: "Send a link and a code",
  "sign-up": "Create the account",
};

interface CredentialsFormProps {
  mode: Mode;
  /** The first field that is empty has the keyboard from the start. */
  focused: boolean;
  email: string;
  onEmail: (email: string) => void;
  onMail: (mail: Mail) => void;
}

export function CredentialsForm({ mode, focused, email, onEmail, onMail }: CredentialsFormProps) {
  const supabase = useSessionStore((s) => s.supabase);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [named] = useState(email !== "");
  const byPassword = mode === "password" || mode === "sign-up";

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (supabase === null) return;
    setBusy(true);
    const outcome = await signIn(supabase, mode, email.trim(), password);
    setBusy(false);
    setRefused(outcome.type === "refused" ? outcome.why : null);
    if (outcome.type === "mail") onMail(outcome.mail);
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Field label="E-mail" type="email" autoComplete="username" required autoFocus={focused && !(named && byPassword)} value={email} onValue={onEmail} />
      {byPassword && (
        <Field
          label="Password"
          type="password"
          autoComplete={mode === "password" ? "current-password" : "new-password"}
          required
          autoFocus={focused && named}
          value={password}
          onValue={setPassword}
        />
      )}
      <p role="alert" className="text-sm text-bad empty:hidden">
        {refused}
      </p>
      <Button look="primary" type="submit" busy={busy} className="min-h-10">
        {ACTIONS[mode]}
      </Button>
    </form>
  );
}
