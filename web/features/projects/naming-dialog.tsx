"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { saying } from "@/lib/problem";

interface NamingDialogProps {
  title: string;
  action: string;
  name?: string;
  placeholder?: string;
  onClose: () => void;
  /** Throws a Problem whose words are shown under the field. */
  onName: (name: string) => Promise<unknown>;
}

/** Asks for a name; closes once it was taken. */
export function NamingDialog({ title, action, name: given = "", placeholder, onClose, onName }: NamingDialogProps) {
  const [name, setName] = useState(given);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      await onName(name.trim());
      onClose();
    } catch (thrown) {
      setError(saying(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog open onClose={onClose} title={title}>
      <form onSubmit={(event) => void submit(event)} className="grid gap-5">
        <Field
          label="Name"
          required
          maxLength={200}
          autoComplete="off"
          placeholder={placeholder}
          value={name}
          onValue={setName}
          error={error}
        />
        <div className="flex justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" busy={busy} disabled={name.trim() === ""}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
