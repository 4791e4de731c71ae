"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { Trouble } from "@/components/ui/trouble";
import { useCurrentProject } from "@/features/projects";
import { longDate, sinceWhen } from "@/lib/dates";
import { saying } from "@/lib/problem";
import { useRevokeToken, useTokens, type Token } from "./queries";
import { TokenDialog } from "./token-dialog";

/** The tokens of one's scripts. */
export function Tokens() {
  const tokens = useTokens();
  const project = useCurrentProject();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {tokens.isPending && <Skeleton className="h-16" />}
      {tokens.isError && <Trouble error={tokens.error} again={() => void tokens.refetch()} />}
      {tokens.data?.length === 0 && <p>You have none. A script sends one with each request, in your name.</p>}
      <ul className="divide-y divide-line rounded-xl border border-line bg-raised empty:hidden">
        {tokens.data?.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 p-4">
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium break-words">{token.name}</p>
              <p className="text-sm text-soft">{factsOf(token)}</p>
            </div>
            <Button aria-label={`Revoke ${token.name}`} onClick={() => setRevoking(token)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button look="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden className="size-4" />
          New token
        </Button>
        <p className="text-sm text-soft">
          All requests are described at{" "}
          <a className="link" href="/docs">
            /docs
          </a>
          .
        </p>
      </div>
      {making && <TokenDialog project={project} onClose={() => setMaking(false)} />}
      {revoking && <Revoke token={revoking} onClose={() => setRevoking(null)} />}
    </div>
  );
}

function factsOf(token: Token): string {
  const over = Date.parse(token.expires_at) < Date.now();
  const used = token.used_at === null ? "never used" : `last used ${sinceWhen(token.used_at)}`;
  return `ends in ${token.last_four} · ${used} · ${over ? "ran out" : "runs out"} on ${longDate(token.expires_at)}`;
}

function Revoke({ token, onClose }: { token: Token; onClose: () => void }) {
  const revoke = useRevokeToken();
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Revoke ${token.name}?`}
      description="Scripts that use it are refused from now on. That can't be undone."
    >
      <div className="flex flex-wrap gap-2">
        <Button
          look="danger"
          busy={revoke.isPending}
          onClick={() =>
            revoke.mutate(token.id, {
              onSuccess: () => toast.success(`${token.name} opens nothing any more.`),
              onError: (error) => toast.error(saying(error)),
              onSettled: onClose,
            })
          }
        >
          Revoke it
        </Button>
        <Button onClick={onClose}>Keep it</Button>
      </div>
    </Dialog>
  );
}
