"use client";

import { CopyText } from "@/components/ui/copy-text";
import { useIsMounted } from "@/lib/use-is-mounted";

export function TokenHint() {
  const mounted = useIsMounted();
  const origin = mounted ? location.origin : "";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 text-sm">
      <p>
        On the machine that OryxForge runs on, <code>oryxforge token</code> prints a token. Send it with each request:
      </p>
      <CopyText label="the command" text={`curl -H "Authorization: Bearer $(oryxforge token)" ${origin}/projects`} />
      <p className="text-soft">
        A token is as good as a password and runs out by itself. All requests are described at{" "}
        <a className="link" href="/docs">
          /docs
        </a>
        .
      </p>
    </div>
  );
}
