// What the scripts share: clients of the product under test, and checks that print one JSON line each.
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";

export const url = process.env.URL;
export const api = process.env.API_URL ?? url;
export const publishable = process.env.PUBLISHABLE_KEY;
export const secret = process.env.SECRET_KEY;

class NoSocket {}

/** A client of its own, as a browser tab is; `auth` options over the defaults. */
export function client(auth = {}, key = publishable) {
  const kept = new Map();
  const storage = {
    getItem: (k) => kept.get(k) ?? null,
    setItem: (k, v) => void kept.set(k, v),
    removeItem: (k) => void kept.delete(k),
  };
  return createClient(url, key, {
    auth: { autoRefreshToken: false, persistSession: true, detectSessionInUrl: false, storage, ...auth },
    realtime: { transport: NoSocket },
  });
}

export const admin = () => client({ persistSession: false }, secret).auth.admin;

let number = 0;
export const someone = (name = "someone") => `${name}-${process.pid}-${Date.now()}-${number++}@example.org`;
export const password = "a long enough one";

/** The data of an answer; throws where it is an error. */
export function ok({ data, error }) {
  assert.equal(error, null, `${error?.code}: ${error?.message}`);
  return data;
}

/** Asserts that an answer is this error, as auth-js reads it. */
export function refused({ error }, code, status) {
  assert.ok(error, `expected ${code}`);
  assert.deepEqual([error.code, error.status], [code, status], `${error.name}: ${error.message}`);
  return error;
}

/** The last mail to an address. */
export async function mailTo(address, kind) {
  const answer = await fetch(`${url}/auth/v1/outbox`, { headers: { apikey: secret } });
  assert.equal(answer.status, 200);
  const found = (await answer.json()).mails.find((m) => m.recipient === address && (!kind || m.kind === kind));
  assert.ok(found, `no mail to ${address}`);
  return found;
}

/** What the API answers to who carries this token. */
export async function apiStatus(token) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return (await fetch(`${api}/projects`, { headers })).status;
}

/** Where a link leads, without following further. */
export async function follow(link, headers = {}) {
  const answer = await fetch(link, { redirect: "manual", headers });
  return { status: answer.status, to: answer.headers.get("location"), cookies: answer.headers.getSetCookie() };
}

/** Runs the checks in order; the first that fails ends the script. */
export async function run(checks) {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
    } catch (error) {
      console.error(`${name}: ${error.stack}`);
      process.exit(1);
    }
    console.log(JSON.stringify({ passed: name }));
  }
}
