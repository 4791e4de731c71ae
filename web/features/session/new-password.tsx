"use client";

import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { recover, useSessionStore } from "./session";
import { inWords } from "./words";

/** Asks who came by a recovery link for their new password. */
export function NewPassword() {
  const open = useSessionStore((s) => s.recovering && s.session.status === "signed-in");
  return (
    <Dialog
      open={open}
      onClose={() => recover(false)}
      title="Set a new password"
      description="You are signed in. With a new password you can sign in again later."
    >
      <PasswordForm onDone={() => recover(false)} />
    </Dialog>
  );
}

export function PasswordForm({ onDone }: { onDone?: () => void }) {
  const supabase = useSessionStore((s) => s.supabase);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (supabase === null) return;
    setBusy(true);
    const { error } = await supabase.auth.updateUser({ password });
    setBusy(false);
    setRefused(error === null ? null : inWords(error));
    if (error !== null) return;
    setPassword("");
    toast.success("Your new password counts from now on.");
    onDone?.();
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="grid max-w-md gap-4">
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        value={password}
        onValue={setPassword}
        error={refused}
      />
      <Button look="primary" type="submit" busy={busy} className="justify-self-start">
        Set the password
      </Button>
    </form>
  );
}
