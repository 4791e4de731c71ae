"use client";

import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { pageSession, PasswordForm, useSupabase, useUser } from "@/features/session";

/** One's own account: its password, and its sessions elsewhere. */
export function Account() {
  const user = useUser();
  const supabase = useSupabase();
  const [changing, setChanging] = useState(false);

  async function endOthers() {
    const { error } = await supabase.auth.signOut({ scope: "others" });
    if (error === null) toast.success("You are signed out on all other devices.");
    else toast.error("That did not work. Try again.");
  }

  return (
    <div className="grid gap-4">
      <p className="break-words">
        {user.email === null ? "You are signed in." : `You are signed in as ${user.email}.`}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setChanging(true)}>Set a password</Button>
        <Button onClick={() => void endOthers()}>Sign out elsewhere</Button>
        <Button onClick={() => void pageSession.signOut()}>Sign out</Button>
      </div>
      <Dialog open={changing} onClose={() => setChanging(false)} title="Set a password">
        <PasswordForm onDone={() => setChanging(false)} />
      </Dialog>
    </div>
  );
}
