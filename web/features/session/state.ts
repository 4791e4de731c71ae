/**
 * Who is signed in, as the page shows it. `expired` keeps the screen and asks for a new sign-in over it;
 * `last` is who was here before in this tab.
 */
export type SessionState =
  | { readonly status: "starting" }
  | { readonly status: "signed-out"; readonly notice: string | null; readonly last: User | null }
  | { readonly status: "signed-in"; readonly user: User }
  | { readonly status: "expired"; readonly user: User };

export interface User {
  readonly id: string;
  readonly email: string | null;
}

export type SessionEvent =
  | { readonly type: "signed-in"; readonly user: User }
  | { readonly type: "lost" }
  | { readonly type: "signed-out"; readonly notice?: string };

export const STARTING: SessionState = { status: "starting" };

export function nextSession(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case "signed-in":
      return isSame(state, event.user) ? state : { status: "signed-in", user: event.user };
    case "lost":
      if (state.status === "signed-in") return { status: "expired", user: state.user };
      return state.status === "expired" ? state : { status: "signed-out", notice: null, last: lastOf(state) };
    case "signed-out":
      return { status: "signed-out", notice: event.notice ?? null, last: lastOf(state) };
  }
}

/** Whether what the page holds belongs to somebody else than who signs in now. */
export function isAnother(state: SessionState, user: User): boolean {
  const last = lastOf(state);
  return last !== null && last.id !== user.id;
}

function lastOf(state: SessionState): User | null {
  if (state.status === "starting") return null;
  return state.status === "signed-out" ? state.last : state.user;
}

function isSame(state: SessionState, user: User): boolean {
  return state.status === "signed-in" && state.user.id === user.id && state.user.email === user.email;
}
