// Sign-up, sign-in, sessions and accounts on an installation that confirms at once (loopback).
import assert from "node:assert/strict";
import { apiStatus, client, ok, password, refused, run, someone, url } from "./checks.mjs";

async function signedUp(name) {
  const email = someone(name);
  const supabase = client();
  const { session, user } = ok(await supabase.auth.signUp({ email, password, options: { data: { name } } }));
  return { supabase, email, session, user };
}

async function signedIn(email) {
  const supabase = client();
  const { session } = ok(await supabase.auth.signInWithPassword({ email, password }));
  return { supabase, session };
}

await run({
  async "sign-up gives a session at once"() {
    const { session, user, email } = await signedUp("ada");
    assert.equal(user.email, email);
    assert.deepEqual(user.app_metadata, { provider: "email", providers: ["email"] });
    assert.equal(user.user_metadata.name, "ada");
    assert.equal(user.identities[0].provider, "email");
    assert.equal(user.identities[0].id, user.id);
    assert.equal(session.token_type, "bearer");
    assert.equal(session.expires_in, 3600);
    assert.ok(Math.abs(session.expires_at - Date.now() / 1000 - 3600) < 10);
  },

  async "the API takes the token, and no other"() {
    const { supabase, session } = await signedUp("api");
    const { session: fresh } = ok(await supabase.auth.refreshSession());
    assert.deepEqual([await apiStatus(session.access_token), await apiStatus(fresh.access_token)], [200, 200]);
    const [head, body, signature] = session.access_token.split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const other = (await signedUp("other")).session.access_token.split(".")[1];
    for (const forged of [undefined, `${none}.${body}.`, `${head}.${other}.${signature}`])
      assert.equal(await apiStatus(forged), 401, forged);
  },

  async "the token says who"() {
    const { supabase, user } = await signedUp("claims");
    const { claims, header } = ok(await supabase.auth.getClaims());
    assert.equal(header.alg, "ES256");
    assert.equal(claims.sub, user.id);
    assert.equal(claims.role, "authenticated");
    assert.equal(claims.aud, "authenticated");
    assert.equal(claims.aal, "aal1");
    assert.equal(claims.is_anonymous, false);
    assert.equal(claims.amr[0].method, "password");
    assert.deepEqual(claims.user_metadata, { name: "claims" });
    assert.match(claims.session_id, /^[0-9a-f-]{36}$/);
  },

  async "password sign-in, and who is signed in"() {
    const { email } = await signedUp("grace");
    const { supabase } = await signedIn(email.toUpperCase());
    assert.equal(ok(await supabase.auth.getUser()).user.email, email);
  },

  async "refreshing rotates, and a reload gets the same successor"() {
    const { supabase, session } = await signedUp("refresh");
    const next = ok(await supabase.auth.refreshSession()).session;
    assert.notEqual(next.refresh_token, session.refresh_token);
    assert.notEqual(next.access_token, session.access_token);
    const again = ok(await client().auth.refreshSession({ refresh_token: session.refresh_token })).session;
    assert.equal(again.refresh_token, next.refresh_token);
  },

  async "updating a user"() {
    const { supabase, email } = await signedUp("update");
    let { user } = ok(await supabase.auth.updateUser({ data: { colour: "blue", name: null } }));
    assert.deepEqual(user.user_metadata, { colour: "blue" });
    const other = someone("other");
    ({ user } = ok(await supabase.auth.updateUser({ email: other })));
    assert.equal(user.email, other);
    ok(await supabase.auth.updateUser({ password: "another long one" }));
    refused(await client().auth.signInWithPassword({ email: other, password }), "invalid_credentials", 400);
    refused(await client().auth.signInWithPassword({ email, password }), "invalid_credentials", 400);
    ok(await client().auth.signInWithPassword({ email: other, password: "another long one" }));
    refused(await supabase.auth.updateUser({ password: "another long one" }), "same_password", 422);
    refused(await supabase.auth.updateUser({ password: "short" }), "weak_password", 422);
  },

  async "a new password ends the other sessions"() {
    const { supabase, email } = await signedUp("changed");
    const elsewhere = await signedIn(email);
    ok(await supabase.auth.updateUser({ password: "another long one" }));
    ok(await supabase.auth.refreshSession());
    refused(await elsewhere.supabase.auth.refreshSession(), "refresh_token_not_found", 400);
  },

  async "sign-out: local, others, global"() {
    const { email } = await signedUp("out");
    const [a, b, c] = [await signedIn(email), await signedIn(email), await signedIn(email)];
    const tokens = [a, b, c].map((s) => s.session);
    const alive = async (session) =>
      (await client().auth.refreshSession({ refresh_token: session.refresh_token })).error === null;
    ok(await a.supabase.auth.signOut({ scope: "local" }).then(({ error }) => ({ data: 1, error })));
    assert.equal(await alive(tokens[0]), false);
    ok(await b.supabase.auth.getUser());
    assert.equal((await b.supabase.auth.signOut({ scope: "others" })).error, null);
    ok(await b.supabase.auth.getUser());
    assert.equal(await alive(tokens[2]), false);
    assert.equal((await b.supabase.auth.signOut()).error, null);
    assert.equal(await alive(tokens[1]), false);
    const { error } = await client().auth.getUser(tokens[1].access_token);
    assert.equal(error.name, "AuthSessionMissingError");
  },

  async "errors by their codes"() {
    const { email } = await signedUp("codes");
    const auth = client().auth;
    refused(await auth.signInWithPassword({ email, password: "not this one" }), "invalid_credentials", 400);
    refused(await auth.signInWithPassword({ email: someone(), password }), "invalid_credentials", 400);
    refused(await auth.signUp({ email, password }), "user_already_exists", 422);
    const weak = refused(await auth.signUp({ email: someone(), password: "short" }), "weak_password", 422);
    assert.deepEqual(weak.reasons, ["length"]);
    refused(await auth.signUp({ email: "nobody", password }), "validation_failed", 400);
    refused(await auth.signUp({ phone: "+15550100", password }), "phone_provider_disabled", 400);
    refused(await auth.signInAnonymously(), "anonymous_provider_disabled", 422);
    refused(await auth.refreshSession({ refresh_token: "never was" }), "refresh_token_not_found", 400);
    refused(await auth.getUser("e30.e30.x"), "bad_jwt", 403);
    refused(await auth.exchangeCodeForSession("x"), "validation_failed", 400);
    refused(await auth.signInWithIdToken({ provider: "google", token: "x" }), "provider_disabled", 400);
    refused(await client({}, "sb_publishable_other").auth.signUp({ email, password }), "bad_api_key", 401);
  },

  async "what is switched on"() {
    const { PUBLISHABLE_KEY: apikey } = process.env;
    const settings = await (await fetch(`${url}/auth/v1/settings`, { headers: { apikey } })).json();
    assert.equal(settings.external.email, true);
    assert.equal(settings.external.anonymous_users, false);
    assert.deepEqual([settings.disable_signup, settings.mailer_autoconfirm], [false, true]);
    assert.equal((await (await fetch(`${url}/auth/v1/health`)).json()).name, "GoTrue");
  },
});
