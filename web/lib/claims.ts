import { isRecord } from "@/lib/problem";

/** Who a token speaks for. It is read here, not checked: the server checks it. */
export interface Claims {
  readonly userId: string;
  readonly email: string | null;
  readonly expiresAt: number;
}

export function claimsOf(token: string): Claims | null {
  const [, payload] = token.split(".");
  if (!payload) return null;
  try {
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const told: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!isRecord(told) || typeof told["sub"] !== "string" || typeof told["exp"] !== "number") return null;
    const email = told["email"];
    return { userId: told["sub"], email: typeof email === "string" ? email : null, expiresAt: told["exp"] };
  } catch {
    return null;
  }
}
