import type { SupabaseClient } from "@supabase/supabase-js";
import { Api } from "@/lib/api";
import { pageSession, useSessionStore } from "./session";
import type { User } from "./state";

/** The API with the signed-in person's token. */
export const api = new Api(pageSession);

export function useApi(): Api {
  return api;
}

/** The page's one Supabase client; only below the session gate. */
export function useSupabase(): SupabaseClient {
  const supabase = useSessionStore((s) => s.supabase);
  if (supabase === null) throw new Error("useSupabase is for what is shown after sign-in.");
  return supabase;
}

/** Who is signed in; only below the session gate. */
export function useUser(): User {
  const session = useSessionStore((s) => s.session);
  if (session.status !== "signed-in" && session.status !== "expired") {
    throw new Error("useUser is for what is shown after sign-in.");
  }
  return session.user;
}
