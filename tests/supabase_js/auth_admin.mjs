// The admin calls, and who may not make them.
import assert from "node:assert/strict";
import { admin, client, follow, mailTo, ok, password, refused, run, someone } from "./checks.mjs";

await run({
  async "a user's whole life"() {
    const email = someone("made");
    const { user } = ok(await admin().createUser({ email, password, email_confirm: true, user_metadata: { a: 1 }, app_metadata: { plan: "x", oryxforge_owner: true } }));
    assert.deepEqual([user.user_metadata, user.app_metadata.plan, user.app_metadata.oryxforge_owner], [{ a: 1 }, "x", undefined]);
    const supabase = client();
    ok(await supabase.auth.signInWithPassword({ email, password }));
    assert.equal(ok(await admin().getUserById(user.id)).user.email, email);
    refused(await admin().createUser({ email }), "email_exists", 422);
    const other = someone("renamed");
    const changed = ok(await admin().updateUserById(user.id, { email: other, user_metadata: { b: 2 }, password: "the admin's choice" })).user;
    assert.deepEqual([changed.email, changed.user_metadata], [other, { a: 1, b: 2 }]);
    refused(await supabase.auth.refreshSession(), "refresh_token_not_found", 400);
    ok(await client().auth.signInWithPassword({ email: other, password: "the admin's choice" }));
    ok(await admin().updateUserById(user.id, { ban_duration: "24h" }));
    refused(await client().auth.signInWithPassword({ email: other, password: "the admin's choice" }), "user_banned", 403);
    ok(await admin().updateUserById(user.id, { ban_duration: "none" }));
    ok(await client().auth.signInWithPassword({ email: other, password: "the admin's choice" }));
    ok(await admin().deleteUser(user.id));
    refused(await admin().getUserById(user.id), "user_not_found", 404);
    refused(await admin().deleteUser(user.id), "user_not_found", 404);
  },

  async "a ban that is lifted where none is leaves everybody signed in"() {
    const supabase = client();
    const { user } = ok(await supabase.auth.signUp({ email: someone("free"), password }));
    ok(await admin().updateUserById(user.id, { ban_duration: "none" }));
    ok(await supabase.auth.refreshSession());
    ok(await admin().updateUserById(user.id, { ban_duration: "1h" }));
    ok(await admin().updateUserById(user.id, { ban_duration: "none" }));
    refused(await supabase.auth.refreshSession(), "refresh_token_not_found", 400);
  },

  async "what was mailed to an address that an admin has changed signs nobody in"() {
    const email = someone("before");
    const { user } = ok(await admin().createUser({ email, email_confirm: true }));
    const { properties } = ok(await admin().generateLink({ type: "magiclink", email }));
    ok(await admin().updateUserById(user.id, { email: someone("after") }));
    refused(await client().auth.verifyOtp({ type: "magiclink", token_hash: properties.hashed_token }), "otp_expired", 403);
    refused(await client().auth.verifyOtp({ type: "email", email, token: properties.email_otp }), "otp_expired", 403);
  },

  async "what was mailed to an address that its owner has changed signs nobody in"() {
    const [email, supabase] = [someone("before"), client()];
    ok(await supabase.auth.signUp({ email, password }));
    const { properties } = ok(await admin().generateLink({ type: "recovery", email }));
    ok(await supabase.auth.updateUser({ email: someone("after") }));
    refused(await client().auth.verifyOtp({ type: "recovery", token_hash: properties.hashed_token }), "otp_expired", 403);
  },

  async "a password that another server has hashed"() {
    const email = someone("imported");
    const password_hash = "$2b$05$i7fiKlTO454AmHy8zXoDZ.0Ut8/SFiu20HdBE.NJyzuhH/qbDlSYy";
    ok(await admin().createUser({ email, email_confirm: true, password_hash }));
    refused(await client().auth.signInWithPassword({ email, password: "not this one" }), "invalid_credentials", 400);
    for (let n = 0; n < 2; n++) ok(await client().auth.signInWithPassword({ email, password }));
    refused(await admin().createUser({ email: someone(), password_hash: "$fbscrypt$v=1,n=14" }), "validation_failed", 422);
  },

  async "pages of users"() {
    for (let n = 0; n < 5; n++) ok(await admin().createUser({ email: someone("page"), email_confirm: true }));
    const first = ok(await admin().listUsers({ page: 1, perPage: 3 }));
    assert.equal(first.users.length, 3);
    assert.ok(first.total >= 5);
    assert.equal(first.nextPage, 2);
    const second = ok(await admin().listUsers({ page: 2, perPage: 3 }));
    assert.ok(!second.users.some((u) => first.users.some((f) => f.id === u.id)));
    refused(await admin().listUsers({ page: "x", perPage: 3 }), "validation_failed", 400);
  },

  async "an invitation"() {
    const email = someone("invited");
    const { user } = ok(await admin().inviteUserByEmail(email, { data: { team: "a" } }));
    assert.ok(user.invited_at);
    const { link } = await mailTo(email, "invite");
    const { to } = await follow(link);
    const found = new URLSearchParams(new URL(to).hash.slice(1));
    assert.equal(found.get("type"), "invite");
    const supabase = client();
    ok(await supabase.auth.setSession({ access_token: found.get("access_token"), refresh_token: found.get("refresh_token") }));
    ok(await supabase.auth.updateUser({ password }));
    ok(await client().auth.signInWithPassword({ email, password }));
    refused(await admin().inviteUserByEmail(email), "email_exists", 422);
  },

  async "links for other ways to send them"() {
    const email = someone("links");
    const made = ok(await admin().generateLink({ type: "signup", email, password }));
    assert.equal(made.properties.verification_type, "signup");
    ok(await client().auth.verifyOtp({ type: "signup", email, token: made.properties.email_otp }));
    for (const type of ["magiclink", "recovery"]) {
      const { properties } = ok(await admin().generateLink({ type, email }));
      ok(await client().auth.verifyOtp({ type, token_hash: properties.hashed_token }));
    }
    const newEmail = someone("new");
    const mine = ok(await admin().generateLink({ type: "email_change_current", email, newEmail }));
    const other = ok(await admin().generateLink({ type: "email_change_new", email, newEmail }));
    await follow(mine.properties.action_link);
    await follow(other.properties.action_link);
    ok(await client().auth.signInWithPassword({ email: newEmail, password }));
    refused(await admin().generateLink({ type: "recovery", email: someone() }), "user_not_found", 404);
  },

  async "a link to sign up, asked for again"() {
    const email = someone("again");
    const first = ok(await admin().generateLink({ type: "signup", email, password: "the first of two" })).properties;
    const { user, properties } = ok(await admin().generateLink({ type: "signup", email, password, options: { data: { a: 1 } } }));
    refused(await client().auth.verifyOtp({ type: "signup", token_hash: first.hashed_token }), "otp_expired", 403);
    const verified = ok(await client().auth.verifyOtp({ type: "signup", token_hash: properties.hashed_token }));
    assert.deepEqual([verified.user.id, verified.user.user_metadata], [user.id, { a: 1 }]);
    ok(await client().auth.signInWithPassword({ email, password }));
    refused(await client().auth.signInWithPassword({ email, password: "the first of two" }), "invalid_credentials", 400);
    refused(await admin().generateLink({ type: "signup", email, password }), "email_exists", 422);
  },

  async "signing somebody out"() {
    const email = someone("signed-out");
    const supabase = client();
    const { session } = ok(await supabase.auth.signUp({ email, password }));
    assert.equal((await admin().signOut(session.access_token, "global")).error, null);
    refused(await supabase.auth.refreshSession(), "refresh_token_not_found", 400);
  },

  async "nobody else may"() {
    const anybody = client();
    refused(await anybody.auth.admin.listUsers(), "not_admin", 403);
    ok(await anybody.auth.signUp({ email: someone("eve"), password }));
    const { session } = ok(await anybody.auth.getSession());
    for (const key of [session.access_token, process.env.ANON_JWT]) {
      const { error } = await client({ persistSession: false }, key).auth.admin.listUsers();
      assert.ok(["not_admin", "bad_api_key"].includes(error.code), error.code);
    }
    ok(await client({ persistSession: false }, process.env.SERVICE_JWT).auth.admin.listUsers());
  },
});
