import type { SupabaseClient } from "@supabase/supabase-js";
import type { PageConfig } from "@/lib/config";
import { isRecord, Problem, problemOf, unreachable } from "@/lib/problem";

/** The origin of the Supabase surface: the page's own, or the hosted project's. */
export function originOf(config: PageConfig): string {
  return config.hosted ? config.supabase_url.replace(/\/+$/, "") : location.origin;
}

export async function makeSupabase(config: PageConfig): Promise<SupabaseClient> {
  if (!config.supabase_publishable_key) {
    throw new Problem(0, "not_configured", "Sign-in is not set up: SUPABASE_PUBLISHABLE_KEY is missing on the server.");
  }
  const { createClient } = await import("@supabase/supabase-js");
  return createClient(originOf(config), config.supabase_publishable_key, {
    auth: { persistSession: true, autoRefreshToken: true, detectSessionInUrl: true },
  });
}

export interface LinkSession {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** Uses up the one-time token of a sign-in link. */
export async function redeemLink(token: string): Promise<LinkSession> {
  const answer = await fetch("/auth/v1/signin-link", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  }).catch(() => {
    throw unreachable();
  });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(answer.status, body, answer.headers.get("x-request-id"));
  return body as LinkSession;
}

/** Which ways of signing in are open; null where the server has none but the link. */
export interface SignInWays {
  readonly email: boolean;
  readonly signUp: boolean;
  readonly providers: readonly string[];
}

export async function signInWays(config: PageConfig): Promise<SignInWays | null> {
  const key = config.supabase_publishable_key;
  if (!key) return null;
  const answer = await fetch(`${originOf(config)}/auth/v1/settings`, { headers: { apikey: key } }).catch(() => null);
  if (!answer?.ok) return null;
  return waysOf(await answer.json().catch(() => null));
}

const NOT_PROVIDERS = new Set(["email", "phone", "anonymous_users"]);

export function waysOf(settings: unknown): SignInWays | null {
  if (!isRecord(settings) || !isRecord(settings["external"])) return null;
  const external = settings["external"];
  return {
    email: external["email"] !== false,
    signUp: settings["disable_signup"] !== true,
    providers: Object.keys(external).filter((name) => external[name] === true && !NOT_PROVIDERS.has(name)),
  };
}
