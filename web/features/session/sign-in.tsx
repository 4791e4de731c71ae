"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { loadConfig } from "@/lib/config";
import { signInWays, type SignInWays } from "@/lib/supabase";
import { CredentialsForm, type Mode } from "./credentials-form";
import { useSessionStore } from "./session";

const NAMES: Readonly<Record<string, string>> = { github: "GitHub", gitlab: "GitLab", linkedin_oidc: "LinkedIn" };

/** Every way of signing in that the server offers. */
export function SignIn({ email }: { email: string }) {
  const ways = useQuery({
    queryKey: ["sign-in-ways"],
    queryFn: async () => signInWays(await loadConfig()),
    staleTime: Infinity,
  });
  if (ways.isPending) return <Skeleton className="h-56" />;
  return (
    <div className="grid gap-6">
      {ways.data?.email && <ByEmail email={email} signUp={ways.data.signUp} />}
      {ways.data && <Providers providers={ways.data.providers} />}
      <p className="text-sm text-soft">
        On your own machine, open the link that <code>oryxforge up</code> prints: it signs you in by itself.
      </p>
    </div>
  );
}

function ByEmail({ email, signUp }: { email: string; signUp: boolean }) {
  const [mode, setMode] = useState<Mode>("password");
  const others: [Mode, string][] = [
    ["password", "Use a password"],
    ["link", "E-mail me a link"],
    ...(signUp ? ([["sign-up", "Create an account"]] satisfies [Mode, string][]) : []),
  ];
  return (
    <div>
      <CredentialsForm key={mode} mode={mode} email={email} />
      <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {others
          .filter(([other]) => other !== mode)
          .map(([other, words]) => (
            <button key={other} type="button" className="link" onClick={() => setMode(other)}>
              {words}
            </button>
          ))}
      </p>
    </div>
  );
}

function Providers({ providers }: Pick<SignInWays, "providers">) {
  const supabase = useSessionStore((s) => s.supabase);
  if (supabase === null || providers.length === 0) return null;
  return (
    <div className="grid gap-2">
      {providers.map((provider) => (
        <Button
          key={provider}
          onClick={() =>
            void supabase.auth.signInWithOAuth({
              provider: provider as Parameters<typeof supabase.auth.signInWithOAuth>[0]["provider"],
              options: { redirectTo: location.href },
            })
          }
        >
          Go on with {NAMES[provider] ?? provider.charAt(0).toUpperCase() + provider.slice(1)}
        </Button>
      ))}
    </div>
  );
}
