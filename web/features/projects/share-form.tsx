"use client";

import { useState, type FormEvent } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Choice } from "@/components/ui/choice";
import { Field } from "@/components/ui/field";
import { saying } from "@/lib/problem";
import { useShare, type Role } from "./queries";

export function ShareForm({ projectId }: { projectId: string }) {
  const share = useShare(projectId, "post");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");

  function submit(event: FormEvent) {
    event.preventDefault();
    share.mutate(
      { email: email.trim(), role },
      {
        onSuccess: ({ email: added }) => {
          setEmail("");
          toast.success(`${added ?? "They"} can open the project now.`);
        },
      },
    );
  }

  return (
    <form onSubmit={submit} className="mt-5 flex flex-wrap items-start gap-3">
      <Field
        className="min-w-56 flex-1"
        label="Share with"
        type="email"
        placeholder="name@example.org"
        autoComplete="off"
        required
        value={email}
        onValue={setEmail}
        error={share.isError ? saying(share.error) : null}
      />
      <Choice
        label="As"
        value={role}
        options={[
          ["editor", "Editor"],
          ["viewer", "Viewer"],
        ]}
        onValue={setRole}
      />
      <Button look="primary" type="submit" busy={share.isPending} className="min-h-10 w-full sm:mt-6.5 sm:w-auto">
        Share
      </Button>
    </form>
  );
}
