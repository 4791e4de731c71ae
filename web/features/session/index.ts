export { SessionGate } from "./session-gate";
export { currentUserId, pageSession, useSessionStore } from "./session";
export { useApi, useSupabase, useUser } from "./hooks";
export { PasswordForm } from "./new-password";
