"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { loadConfig } from "@/lib/config";
import { signInWays, type SignInWays } from "@/lib/supabase";
import { CodeForm } from "./code-form";
import { CredentialsForm } from "./credentials-form";
import { recover, useSessionStore } from "./session";
import type { Mail, Mode } from "./ways";

const NAMES: Readonly<Record<string, string>> = { github: "GitHub", gitlab: "GitLab", linkedin_oidc: "LinkedIn" };
const OTHERS: readonly (readonly [Mode, string])[] = [
  ["password", "Use a password"],
  ["link", "E-mail me a link or a code"],
  ["forgotten", "Forgot the password"],
  ["sign-up", "Create an account"],
];
const LEADS: Readonly<Partial<Record<Mode, string>>> = {
  forgotten: "The mail's link signs you in, and you set a new password.",
};

async function readWays() {
  const config = await loadConfig();
  return { own: !config.hosted, ways: await signInWays(config) };
}

interface SignInProps {
  /** Whose session ran out, if it is known. */
  email: string;
  /** A session ran out in the middle of something: the keyboard is in the form at once. */
  again?: boolean;
}

/** Every way of signing in that the server offers. */
export function SignIn({ email, again = false }: SignInProps) {
  const found = useQuery({ queryKey: ["sign-in-ways"], queryFn: readWays, staleTime: Infinity });
  if (found.isPending) return <Skeleton className="h-64" />;
  const { own = true, ways = null } = found.data ?? {};
  return (
    <div className="grid gap-6">
      {ways?.email && <ByEmail email={email} signUp={ways.signUp && !again} again={again} own={own} />}
      {ways && <Providers providers={ways.providers} />}
      {own && (
        <p className="text-sm text-soft">
          On your own machine, open the link that <code>oryxforge up</code> prints: it signs you in by itself.
        </p>
      )}
    </div>
  );
}

interface ByEmailProps extends Required<SignInProps> {
  signUp: boolean;
  own: boolean;
}

function ByEmail({ email: given, again, signUp, own }: ByEmailProps) {
  const [mode, setMode] = useState<Mode>("password");
  const [email, setEmail] = useState(given);
  const [mail, setMail] = useState<Mail | null>(null);
  if (mail !== null) return <CodeForm mail={mail} own={own} onBack={() => setMail(null)} />;
  const lead = LEADS[mode];
  return (
    <div>
      {lead !== undefined && <p className="mb-4 text-sm text-soft">{lead}</p>}
      <CredentialsForm key={mode} mode={mode} focused={again} email={email} onEmail={setEmail} onMail={setMail} />
      <p className="mt-4 flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
        {OTHERS.filter(([other]) => other !== mode && (other !== "sign-up" || signUp)).map(([other, words]) => (
          <button
            key={other}
            type="button"
            className="link"
            onClick={() => {
              recover(false);
              setMode(other);
            }}
          >
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
          className="min-h-10"
          onClick={() =>
            void supabase.auth.signInWithOAuth({
              provider: provider as Parameters<typeof supabase.auth.signInWithOAuth>[0]["provider"],
              options: { redirectTo: location.href.split("#")[0] ?? location.origin },
            })
          }
        >
          Go on with {NAMES[provider] ?? provider.charAt(0).toUpperCase() + provider.slice(1)}
        </Button>
      ))}
    </div>
  );
}
