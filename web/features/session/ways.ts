import type { SupabaseClient } from "@supabase/supabase-js";
import { inWords } from "./words";

export type Mode = "password" | "link" | "sign-up" | "forgotten";

/** A mail that is on its way; its code can be typed instead of opening its link. */
export interface Mail {
  readonly email: string;
  readonly type: "email" | "recovery" | "signup";
}

/** What came of it: signed in (the session itself tells), a mail to wait for, or a refusal. */
export type Outcome =
  | { readonly type: "signed-in" }
  | { readonly type: "mail"; readonly mail: Mail }
  | { readonly type: "refused"; readonly why: string };

const SIGNED_IN: Outcome = { type: "signed-in" };

export async function signIn(supabase: SupabaseClient, mode: Mode, email: string, password: string): Promise<Outcome> {
  const { auth } = supabase;
  const back = location.href.split("#")[0] ?? location.origin;
  switch (mode) {
    case "password":
      return outcome((await auth.signInWithPassword({ email, password })).error, SIGNED_IN);
    case "link": {
      const { error } = await auth.signInWithOtp({ email, options: { emailRedirectTo: back } });
      return outcome(error, { type: "mail", mail: { email, type: "email" } });
    }
    case "forgotten": {
      const { error } = await auth.resetPasswordForEmail(email, { redirectTo: back });
      return outcome(error, { type: "mail", mail: { email, type: "recovery" } });
    }
    case "sign-up": {
      const { data, error } = await auth.signUp({ email, password, options: { emailRedirectTo: back } });
      return outcome(error, data.session ? SIGNED_IN : { type: "mail", mail: { email, type: "signup" } });
    }
  }
}

/** Signs in by the code of a mail; why not, or null. */
export async function byCode(supabase: SupabaseClient, { email, type }: Mail, code: string): Promise<string | null> {
  const { error } = await supabase.auth.verifyOtp({ email, token: code.replace(/\s/g, ""), type });
  return error === null ? null : inWords(error);
}

function outcome(error: unknown, well: Outcome): Outcome {
  return error === null || error === undefined ? well : { type: "refused", why: inWords(error) };
}
