"use client";

import { CopyText } from "@/components/ui/copy-text";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { sinceWhen } from "@/lib/dates";
import { useOutbox, type Mail } from "./queries";

const SHOWN = 10;

/** Mails of an installation without a mail server, for its owner to hand on. */
export function Outbox() {
  const mails = useOutbox();
  if (mails.isPending) return <Skeleton className="h-16" />;
  if (mails.isError) return <Trouble error={mails.error} again={() => void mails.refetch()} />;
  if (mails.data.length === 0) {
    return (
      <p>
        No mail waits. Sign-in links and new passwords that people ask for appear here, unless{" "}
        <code>ORYXFORGE_SMTP_URL</code> names a mail server.
      </p>
    );
  }
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-raised">
      {mails.data.slice(0, SHOWN).map((mail) => (
        <Waiting key={mail.id} mail={mail} />
      ))}
    </ul>
  );
}

function Waiting({ mail }: { mail: Mail }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-2 p-4">
      <p className="break-words">
        <span className="font-medium">{mail.subject}</span>
        <span className="text-soft">
          {" "}
          for {mail.recipient}, {sinceWhen(mail.created_at)}
        </span>
      </p>
      {mail.code !== null && (
        <p className="text-sm">
          Code <code className="font-medium tracking-wider">{mail.code}</code>
        </p>
      )}
      {mail.link !== null && <CopyText label={`the link for ${mail.recipient}`} text={mail.link} />}
    </li>
  );
}
