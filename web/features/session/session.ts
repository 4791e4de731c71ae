import type { Session as SupabaseSession, SupabaseClient } from "@supabase/supabase-js";
import { create } from "zustand";
import type { Tokens } from "@/lib/api";
import { claimsOf } from "@/lib/claims";
import { loadConfig } from "@/lib/config";
import { forgetDrafts } from "@/lib/drafts";
import { saying } from "@/lib/problem";
import { makeSupabase, redeemLink } from "@/lib/supabase";
import { failedLink } from "./words";
import { isAnother, nextSession, STARTING, type SessionEvent, type SessionState } from "./state";

interface SessionStore {
  readonly session: SessionState;
  readonly supabase: SupabaseClient | null;
  /** Somebody came by a recovery mail, and has yet to set a new password. */
  readonly recovering: boolean;
}

export const useSessionStore = create<SessionStore>(() => ({ session: STARTING, supabase: null, recovering: false }));

export function recover(recovering: boolean): void {
  useSessionStore.setState({ recovering });
}

const CHANNEL = "oryxforge-session";

/** The page's sign-in: one Supabase client, whose session every tab shares. */
class PageSession implements Tokens {
  private token: string | null = null;
  private started: Promise<void> | null = null;
  private tabs: BroadcastChannel | null = null;

  /** Safe to call again: the first call counts. */
  start(): Promise<void> {
    this.started ??= this.open().catch((error: unknown) => {
      this.started = null;
      this.tell({ type: "signed-out", notice: saying(error) });
    });
    return this.started;
  }

  current(): string | null {
    return this.token;
  }

  async fresh(): Promise<string | null> {
    const { data } = (await this.client()?.auth.getSession()) ?? { data: { session: null } };
    // What another tab has just stored may not be read here yet, though its message has come.
    this.token = data.session?.access_token ?? (isLive(this.token) ? this.token : null);
    return this.token;
  }

  async renewed(): Promise<string | null> {
    const session = (await this.client()?.auth.refreshSession())?.data.session ?? null;
    if (session === null) this.lose();
    else this.take(session.access_token);
    return session?.access_token ?? null;
  }

  /** Signs out here and in every tab. */
  async signOut(): Promise<void> {
    this.tabs?.postMessage("signed-out");
    this.left();
    await this.client()?.auth.signOut({ scope: "local" });
  }

  private async open(): Promise<void> {
    const link = takeLinkFromAddress();
    const failed = takeFailureFromAddress();
    const supabase = await makeSupabase(await loadConfig());
    useSessionStore.setState({ supabase });
    this.listen(supabase);
    if (link !== null) await this.byLink(supabase, link);
    const token = await this.fresh();
    dropBareHash();
    if (token !== null) this.take(token);
    else if (failed !== null) this.tell({ type: "signed-out", notice: failed });
    else this.tell({ type: "lost" });
  }

  private listen(supabase: SupabaseClient): void {
    this.tabs = new BroadcastChannel(CHANNEL);
    this.tabs.onmessage = () => this.left();
    supabase.auth.onAuthStateChange((event, session: SupabaseSession | null) => {
      if (event === "PASSWORD_RECOVERY") recover(true);
      if (session !== null) this.take(session.access_token);
      else if (event === "SIGNED_OUT") this.lose();
    });
  }

  /** A link that was used already does no harm to who is signed in. */
  private async byLink(supabase: SupabaseClient, link: string): Promise<void> {
    try {
      const { error } = await supabase.auth.setSession(await redeemLink(link));
      if (error !== null) throw error;
    } catch (error) {
      const { data } = await supabase.auth.getSession();
      if (data.session === null) throw error;
    }
  }

  private take(token: string): void {
    const claims = claimsOf(token);
    if (claims === null) return;
    this.token = token;
    const user = { id: claims.userId, email: claims.email };
    // Nothing of the one before may stay, on the screen or in what the page remembers.
    if (isAnother(useSessionStore.getState().session, user)) location.replace("/");
    else this.tell({ type: "signed-in", user });
  }

  private left(): void {
    this.token = null;
    forgetDrafts();
    this.tell({ type: "signed-out" });
  }

  private lose(): void {
    this.token = null;
    this.tell({ type: "lost" });
  }

  private tell(event: SessionEvent): void {
    useSessionStore.setState(({ session }) => ({ session: nextSession(session, event) }));
  }

  private client(): SupabaseClient | null {
    return useSessionStore.getState().supabase;
  }
}

function isLive(token: string | null): boolean {
  const claims = token === null ? null : claimsOf(token);
  return claims !== null && claims.expiresAt > Date.now() / 1000;
}

function takeLinkFromAddress(): string | null {
  const address = new URL(location.href);
  const link = address.searchParams.get("token");
  if (link === null) return null;
  address.searchParams.delete("token");
  history.replaceState(history.state, "", address);
  return link;
}

/** Why a mail's link, or another service, did not sign in; taken out of the address. */
function takeFailureFromAddress(): string | null {
  const why = failedLink(location.hash);
  if (why !== null) history.replaceState(history.state, "", location.pathname + location.search);
  return why;
}

/** Who read a mail's link out of the address left the sign before it. */
function dropBareHash(): void {
  if (location.href.endsWith("#")) history.replaceState(history.state, "", location.pathname + location.search);
}

/** Who is signed in, for what goes on beside the screen; empty where nobody is. */
export function currentUserId(): string {
  const { session } = useSessionStore.getState();
  return session.status === "signed-in" || session.status === "expired" ? session.user.id : "";
}

export const pageSession = new PageSession();
