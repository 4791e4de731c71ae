// Confirmation, magic links, codes, recovery and changes of address, by the mails in the outbox.
import assert from "node:assert/strict";
import { apiStatus, client, follow, mailTo, ok, password, refused, run, someone, url } from "./checks.mjs";

const home = "http://localhost:" + new URL(url).port + "/home";
const fragment = (to) => new URLSearchParams(new URL(to).hash.slice(1));
const query = (to) => new URL(to).searchParams;

async function confirmed(name) {
  const email = someone(name);
  ok(await client().auth.signUp({ email, password }));
  const { code } = await mailTo(email, "signup");
  const supabase = client();
  const { session, user } = ok(await supabase.auth.verifyOtp({ type: "signup", email, token: code }));
  return { supabase, email, session, user };
}

await run({
  async "sign-up waits for its confirmation, by code"() {
    const email = someone("waits");
    const { session, user } = ok(await client().auth.signUp({ email, password, options: { data: { a: 1 } } }));
    assert.equal(session, null);
    assert.equal(user.email, email);
    refused(await client().auth.signInWithPassword({ email, password }), "email_not_confirmed", 400);
    refused(await client().auth.signInWithPassword({ email, password: "not this one" }), "invalid_credentials", 400);
    const { code } = await mailTo(email, "signup");
    refused(await client().auth.verifyOtp({ type: "signup", email, token: "000000" === code ? "1" : "000000" }), "otp_expired", 403);
    const verified = ok(await client().auth.verifyOtp({ type: "signup", email, token: code }));
    assert.equal(verified.user.id, user.id);
    assert.ok(verified.user.email_confirmed_at);
    ok(await client().auth.signInWithPassword({ email, password }));
    refused(await client().auth.verifyOtp({ type: "signup", email, token: code }), "otp_expired", 403);
  },

  async "the API takes who came by a mail"() {
    assert.equal(await apiStatus((await confirmed("api")).session.access_token), 200);
  },

  async "an address that is somebody's answers as a new one does"() {
    const { email } = await confirmed("taken");
    const other = someone("fresh");
    const options = { data: { a: 1 } };
    const known = ok(await client().auth.signUp({ email, password: "somebody else's", options }));
    const fresh = ok(await client().auth.signUp({ email: other, password, options }));
    const shape = (value) =>
      value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v)]))
        : typeof value;
    assert.deepEqual(shape(known), shape(fresh));
    const again = ok(await client().auth.signUp({ email: other, password, options }));
    assert.deepEqual(shape(again), shape(fresh));
    ok(await client().auth.signInWithPassword({ email, password }));
  },

  async "the link of a mail, implicit"() {
    const email = someone("link");
    ok(await client().auth.signUp({ email, password, options: { emailRedirectTo: home } }));
    const { link } = await mailTo(email, "signup");
    const { status, to } = await follow(link);
    assert.equal(status, 303);
    assert.ok(to.startsWith(home + "#"));
    const found = fragment(to);
    assert.equal(found.get("type"), "signup");
    assert.equal(found.get("token_type"), "bearer");
    const supabase = client();
    const tokens = { access_token: found.get("access_token"), refresh_token: found.get("refresh_token") };
    assert.equal(ok(await supabase.auth.setSession(tokens)).user.email, email);
    ok(await supabase.auth.refreshSession());
    const again = await follow(link);
    assert.equal(fragment(again.to).get("error_code"), "otp_expired");
    assert.equal(fragment(again.to).get("access_token"), null);
  },

  async "magic link with a code for the verifier (PKCE)"() {
    const email = someone("pkce");
    const supabase = client({ flowType: "pkce" });
    ok(await supabase.auth.signInWithOtp({ email, options: { emailRedirectTo: home, data: { b: 2 } } }));
    const { link } = await mailTo(email, "magiclink");
    const { to } = await follow(link);
    const code = query(to).get("code");
    assert.ok(to.startsWith(home + "?") && code);
    refused(await stranger(code), "bad_code_verifier", 400);
    const { session } = ok(await supabase.auth.exchangeCodeForSession(code));
    assert.equal(session.user.email, email);
    assert.deepEqual(session.user.user_metadata, { b: 2 });
    refused(await stranger(code), "flow_state_not_found", 404);
    assert.equal(query((await follow(link)).to).get("error_code"), "otp_expired");
  },

  async "a code of six digits, and no account where none is wanted"() {
    const email = someone("otp");
    const nobody = await client().auth.signInWithOtp({ email, options: { shouldCreateUser: false } });
    ok(nobody);
    await assert.rejects(mailTo(email));
    ok(await client().auth.signInWithOtp({ email }));
    const { code } = await mailTo(email, "magiclink");
    assert.match(code, /^\d{6}$/);
    const { user } = ok(await client().auth.verifyOtp({ type: "email", email, token: code }));
    assert.equal(user.email, email);
  },

  async "a code counts no more after five wrong tries"() {
    const { email } = await confirmed("guess");
    ok(await client().auth.signInWithOtp({ email }));
    const { code, link } = await mailTo(email, "magiclink");
    for (let n = 0; n < 5; n++) {
      refused(await client().auth.verifyOtp({ type: "email", email, token: `x${n}` }), "otp_expired", 403);
    }
    refused(await client().auth.verifyOtp({ type: "email", email, token: code }), "otp_expired", 403);
    const token_hash = new URL(link).searchParams.get("token");
    ok(await client().auth.verifyOtp({ type: "magiclink", token_hash }));
  },

  async "a password set by a stranger before the address was confirmed is gone"() {
    const email = someone("hijack");
    ok(await client().auth.signUp({ email, password: "the stranger's own" }));
    ok(await client().auth.signInWithOtp({ email }));
    const { code } = await mailTo(email, "magiclink");
    ok(await client().auth.verifyOtp({ type: "email", email, token: code }));
    const { error } = await client().auth.signInWithPassword({ email, password: "the stranger's own" });
    assert.equal(error.code, "invalid_credentials");
  },

  async "a forgotten password"() {
    const { email } = await confirmed("forgot");
    ok(await client().auth.resetPasswordForEmail(email, { redirectTo: home }));
    const { to } = await follow((await mailTo(email, "recovery")).link);
    const found = fragment(to);
    assert.equal(found.get("type"), "recovery");
    const supabase = client();
    ok(await supabase.auth.setSession({ access_token: found.get("access_token"), refresh_token: found.get("refresh_token") }));
    ok(await supabase.auth.updateUser({ password: "the new long one" }));
    ok(await client().auth.signInWithPassword({ email, password: "the new long one" }));
    ok(await client().auth.resetPasswordForEmail(someone("unknown")));
  },

  async "a new address is confirmed from both"() {
    const { supabase, email } = await confirmed("moves");
    const wanted = someone("moved");
    const { user } = ok(await supabase.auth.updateUser({ email: wanted }));
    assert.deepEqual([user.email, user.new_email], [email, wanted]);
    const first = await client().auth.verifyOtp({ type: "email_change", email: wanted, token: (await mailTo(wanted)).code });
    assert.deepEqual([first.error, first.data.session], [null, null]);
    assert.equal(ok(await supabase.auth.getUser()).user.email, email);
    ok(await client().auth.resend({ type: "email_change", email }));
    const twice = await client().auth.verifyOtp({ type: "email_change", email: wanted, token: (await mailTo(wanted)).code });
    assert.equal(twice.data.session, null);
    ok(await client().auth.verifyOtp({ type: "email_change", email, token: (await mailTo(email, "email_change")).code }));
    assert.equal(ok(await supabase.auth.getUser()).user.email, wanted);
    ok(await client().auth.signInWithPassword({ email: wanted, password }));
  },

  async "a new address and a new password in one call"() {
    const { supabase, email } = await confirmed("both");
    const wanted = someone("moved");
    ok(await supabase.auth.updateUser({ email: wanted, password: "another long one" }));
    const [link, { code }] = [(await mailTo(wanted)).link, await mailTo(email, "email_change")];
    assert.equal(fragment((await follow(link)).to).get("error"), null);
    ok(await client().auth.verifyOtp({ type: "email_change", email, token: code }));
    ok(await client().auth.signInWithPassword({ email: wanted, password: "another long one" }));
    refused(await client().auth.signInWithPassword({ email: wanted, password }), "invalid_credentials", 400);
  },

  async "another mail, and a code before a change"() {
    const email = someone("again");
    ok(await client().auth.signUp({ email, password }));
    const before = (await mailTo(email)).code;
    ok(await client().auth.resend({ type: "signup", email }));
    const { code } = await mailTo(email, "signup");
    if (before !== code) refused(await client().auth.verifyOtp({ type: "signup", email, token: before }), "otp_expired", 403);
    const supabase = client();
    ok(await supabase.auth.verifyOtp({ type: "signup", email, token: code }));
    ok(await supabase.auth.reauthenticate());
    const nonce = (await mailTo(email, "reauthentication")).code;
    refused(await supabase.auth.updateUser({ password: "one more long one", nonce: "nope" }), "reauthentication_not_valid", 422);
    ok(await supabase.auth.updateUser({ password: "one more long one", nonce }));
  },

  async "nobody in particular becomes somebody"() {
    const supabase = client();
    const { user, session } = ok(await supabase.auth.signInAnonymously({ options: { data: { guest: true } } }));
    assert.equal(user.is_anonymous, true);
    assert.equal(JSON.parse(atob(session.access_token.split(".")[1])).is_anonymous, true);
    refused(await supabase.auth.updateUser({ password: "a long enough one" }), "validation_failed", 422);
    const email = someone("becomes");
    refused(await supabase.auth.updateUser({ email, password: "short" }), "weak_password", 422);
    ok(await supabase.auth.updateUser({ email, password }));
    refused(await client().auth.signInWithPassword({ email, password }), "invalid_credentials", 400);
    ok(await client().auth.verifyOtp({ type: "email_change", email, token: (await mailTo(email)).code }));
    const now = ok(await supabase.auth.getUser()).user;
    assert.deepEqual([now.id, now.email, now.is_anonymous], [user.id, email, false]);
    ok(await client().auth.signInWithPassword({ email, password }));
  },
});

/** Somebody who has a code, and a verifier of their own. */
async function stranger(code) {
  const answer = await fetch(`${url}/auth/v1/token?grant_type=pkce`, {
    method: "POST",
    headers: { apikey: process.env.PUBLISHABLE_KEY, "content-type": "application/json" },
    body: JSON.stringify({ auth_code: code, code_verifier: "x".repeat(50) }),
  });
  const body = await answer.json();
  return { error: { code: body.error_code, status: answer.status, message: body.msg } };
}
