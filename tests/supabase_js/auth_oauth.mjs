// Sign-in by a provider: OpenID Connect and GitHub, implicit and PKCE, linking, and what must be refused.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { apiStatus, client, follow, ok, password, refused, run, someone, url } from "./checks.mjs";

const provider = process.env.PROVIDER;
const home = url + "/home";
const fragment = (to) => new URLSearchParams(new URL(to).hash.slice(1));

async function is(person, more = {}) {
  const told = { sub: `sub-${person.email}`, email_verified: true, name: "P", ...person };
  await fetch(`${provider}/person`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person: told, ...more }),
  });
}

/** From the address that a client gives to where the browser ends up, keeping its cookies. */
async function travel(start, { cookies = true } = {}) {
  const there = await follow(start);
  const cookie = there.cookies.map((c) => c.split(";")[0]).join("; ");
  const back = await follow(there.to);
  assert.ok(back.to.startsWith(`${url}/auth/v1/callback?`), back.to);
  return { ...(await follow(back.to, cookies ? { cookie } : {})), callback: back.to, cookie };
}

async function begin(supabase, name = "openid", redirectTo = home, more = {}) {
  const options = { redirectTo, skipBrowserRedirect: true, ...more };
  return ok(await supabase.auth.signInWithOAuth({ provider: name, options })).url;
}

const providersOf = async (supabase) => ok(await supabase.auth.getUserIdentities()).identities.map((i) => i.provider);

/** Somebody with a password whose client proves by a verifier that it is the one that began. */
async function withVerifier(name) {
  const supabase = client({ flowType: "pkce" });
  ok(await supabase.auth.signUp({ email: someone(name), password }));
  return supabase;
}

await run({
  async "implicit, by OpenID Connect"() {
    const email = someone("openid");
    await is({ email });
    const { to } = await travel(await begin(client()));
    assert.ok(to.startsWith(home + "#"), to);
    const found = fragment(to);
    assert.equal(found.get("provider_token"), "provider-token");
    const supabase = client();
    const { user } = ok(await supabase.auth.setSession({ access_token: found.get("access_token"), refresh_token: found.get("refresh_token") }));
    assert.equal(user.email, email);
    assert.deepEqual(user.app_metadata, { provider: "openid", providers: ["openid"] });
    assert.equal(user.identities[0].id, `sub-${email}`);
    assert.equal(user.user_metadata.name, "P");
    const again = fragment((await travel(await begin(client()))).to);
    assert.equal(ok(await client().auth.getUser(again.get("access_token"))).user.id, user.id);
  },

  async "the API takes who came by a provider"() {
    await is({ email: someone("api") });
    const { to } = await travel(await begin(client()));
    assert.equal(await apiStatus(fragment(to).get("access_token")), 200);
  },

  async "PKCE, by GitHub"() {
    const email = someone("github");
    await is({ email });
    const supabase = client({ flowType: "pkce" });
    const { to } = await travel(await begin(supabase, "github"));
    const code = new URL(to).searchParams.get("code");
    const { session } = ok(await supabase.auth.exchangeCodeForSession(code));
    assert.equal(session.user.email, email);
    assert.equal(session.provider_token, "provider-token");
    assert.equal(session.user.identities[0].id, "4242");
  },

  async "a verified address finds its account, an unverified one does not"() {
    const email = someone("known");
    const { user } = ok(await client().auth.signUp({ email, password }));
    await is({ email, email_verified: false });
    assert.equal(fragment((await travel(await begin(client()))).to).get("error_code"), "provider_email_needs_verification");
    await is({ email });
    const found = fragment((await travel(await begin(client()))).to);
    const now = ok(await client().auth.getUser(found.get("access_token"))).user;
    assert.equal(now.id, user.id);
    assert.deepEqual(now.app_metadata.providers, ["email", "openid"]);
  },

  async "linking and unlinking"() {
    const supabase = client();
    const email = someone("links");
    const { user } = ok(await supabase.auth.signUp({ email, password }));
    await is({ email: someone("elsewhere") });
    const { session } = ok(await supabase.auth.getSession());
    const start = await fetch(`${url}/auth/v1/user/identities/authorize?provider=openid&redirect_to=${encodeURIComponent(home)}&skip_http_redirect=true`, {
      headers: { apikey: process.env.PUBLISHABLE_KEY, authorization: `Bearer ${session.access_token}` },
    });
    const cookie = start.headers.getSetCookie()[0].split(";")[0];
    const back = await follow((await start.json()).url);
    await follow(back.to, { cookie });
    const { identities } = ok(await supabase.auth.getUserIdentities());
    assert.deepEqual(identities.map((i) => i.provider), ["email", "openid"]);
    assert.equal(identities[1].user_id, user.id);
    ok(await supabase.auth.unlinkIdentity(identities[1]));
    refused(await supabase.auth.unlinkIdentity(identities[0]), "single_identity_not_deletable", 422);
  },

  async "linking from a page that no cookie of ours reaches"() {
    const supabase = await withVerifier("cross");
    await is({ email: someone("elsewhere") });
    const { url: start } = ok(await supabase.auth.linkIdentity({ provider: "openid", options: { redirectTo: home } }));
    const { to } = await follow((await follow(start)).to);
    assert.deepEqual(await providersOf(supabase), ["email"]);
    const { session } = ok(await supabase.auth.exchangeCodeForSession(new URL(to).searchParams.get("code")));
    assert.equal(session.provider_token, "provider-token");
    assert.deepEqual(session.user.app_metadata.providers, ["email", "openid"]);
    assert.deepEqual(await providersOf(supabase), ["email", "openid"]);
  },

  async "a link that somebody else began ties nobody's identity to them"() {
    const [attacker, victim] = [await withVerifier("attacker"), await withVerifier("victim")];
    const email = someone("theirs");
    await is({ email });
    const { url: start } = ok(await attacker.auth.linkIdentity({ provider: "openid", options: { redirectTo: home } }));
    const code = new URL((await follow((await follow(start)).to)).to).searchParams.get("code");
    await begin(victim);
    refused(await victim.auth.exchangeCodeForSession(code), "bad_code_verifier", 400);
    assert.deepEqual([await providersOf(attacker), await providersOf(victim)], [["email"], ["email"]]);
    const found = fragment((await travel(await begin(client()))).to);
    assert.equal(ok(await client().auth.getUser(found.get("access_token"))).user.email, email);
    refused(await attacker.auth.exchangeCodeForSession(code), "identity_already_exists", 422);
    assert.deepEqual(await providersOf(attacker), ["email"]);
  },

  async "linking from another origin without a verifier says what it needs"() {
    const { session } = ok(await client().auth.signUp({ email: someone("implicit"), password }));
    const start = await fetch(`${url}/auth/v1/user/identities/authorize?provider=openid&skip_http_redirect=true`, {
      headers: { apikey: process.env.PUBLISHABLE_KEY, authorization: `Bearer ${session.access_token}`, origin: "https://app.example.org" },
    });
    assert.equal(start.status, 400);
    assert.match((await start.json()).msg, /flowType: "pkce"/);
  },

  async "what a client asks of the provider, and what it can't"() {
    await is({ email: someone("scopes") });
    const asked = {
      scopes: "calendar email files.read",
      queryParams: { prompt: "consent", access_type: "offline", client_id: "evil", Redirect_Uri: "https://evil.example", state: "evil", response_type: "token", nonce: "evil" },
    };
    const plain = new URL((await follow(await begin(client()))).to).searchParams;
    const start = await begin(client(), "openid", home, asked);
    const told = new URL((await follow(start)).to).searchParams;
    assert.equal(told.get("scope"), "openid email profile calendar files.read");
    assert.deepEqual([told.get("prompt"), told.get("access_type")], ["consent", "offline"]);
    assert.deepEqual([...told.keys()].sort(), [...plain.keys(), "prompt", "access_type"].sort());
    for (const same of ["client_id", "redirect_uri", "response_type"]) assert.equal(told.get(same), plain.get(same));
    assert.ok(fragment((await travel(start)).to).get("access_token"));
    const github = new URL((await follow(await begin(client(), "github", home, { scopes: "repo", queryParams: { login: "p" } }))).to);
    assert.deepEqual([github.searchParams.get("scope"), github.searchParams.get("login")], ["read:user user:email repo", "p"]);
    const odd = await fetch(await begin(client(), "openid", home, { scopes: 'a"b' }), { redirect: "manual" });
    assert.equal(odd.status, 400);
  },

  async "a guest who gives an address and a password becomes somebody"() {
    const [supabase, email] = [client(), someone("named")];
    const { user } = ok(await supabase.auth.signInAnonymously());
    const now = ok(await supabase.auth.updateUser({ email, password })).user;
    assert.deepEqual([now.id, now.email, now.is_anonymous], [user.id, email, false]);
    ok(await client().auth.signInWithPassword({ email, password }));
  },

  async "a guest who links an account becomes somebody"() {
    const supabase = client();
    const { user, session } = ok(await supabase.auth.signInAnonymously());
    const email = someone("guest");
    await is({ email });
    const start = await fetch(`${url}/auth/v1/user/identities/authorize?provider=openid&skip_http_redirect=true`, {
      headers: { apikey: process.env.PUBLISHABLE_KEY, authorization: `Bearer ${session.access_token}` },
    });
    const cookie = start.headers.getSetCookie()[0].split(";")[0];
    const back = await follow((await start.json()).url);
    const { to } = await follow(back.to, { cookie });
    const now = ok(await client().auth.getUser(fragment(to).get("access_token"))).user;
    assert.deepEqual([now.id, now.email, now.is_anonymous], [user.id, email, false]);
    assert.deepEqual(now.app_metadata.providers, ["openid"]);
  },

  async "an identity that is another's"() {
    const email = someone("theirs");
    await is({ email });
    await travel(await begin(client()));
    const supabase = client();
    const { session } = ok(await supabase.auth.signUp({ email: someone("mine"), password }));
    const start = await fetch(`${url}/auth/v1/user/identities/authorize?provider=openid&skip_http_redirect=true`, {
      headers: { apikey: process.env.PUBLISHABLE_KEY, authorization: `Bearer ${session.access_token}` },
    });
    const cookie = start.headers.getSetCookie()[0].split(";")[0];
    const back = await follow((await start.json()).url);
    assert.equal(fragment((await follow(back.to, { cookie })).to).get("error_code"), "identity_already_exists");
  },

  async "a sign-in that another browser began is refused"() {
    await is({ email: someone("fixation") });
    const { to, callback, cookie } = await travel(await begin(client()), { cookies: false });
    assert.equal(fragment(to).get("error_code"), "bad_oauth_state");
    assert.equal(fragment(to).get("access_token"), null);
    assert.equal(fragment((await follow(callback, { cookie })).to).get("error_code"), "bad_oauth_state");
  },

  async "tokens of the provider that don't hold"() {
    for (const claims of [{ nonce: "another" }, { aud: "another" }, { iss: "https://other.example" }, { exp: 1 }]) {
      await is({ email: someone("forged") }, { claims });
      const { to } = await travel(await begin(client()));
      assert.equal(fragment(to).get("error"), "server_error", JSON.stringify(claims));
      assert.equal(fragment(to).get("access_token"), null);
    }
    await is({ email: someone("no") }, { refuse: true });
    assert.equal(fragment((await travel(await begin(client()))).to).get("error_description"), "They said no");
  },

  async "an ID token that the client has"() {
    const [email, nonce] = [someone("idtoken"), "a nonce of the client's"];
    await is({ email });
    const hashed = createHash("sha256").update(nonce).digest("hex");
    const answer = await fetch(`${provider}/id-token`, { method: "POST", body: JSON.stringify({ nonce: hashed }) });
    const { token } = await answer.json();
    const supabase = client();
    const { session, user } = ok(await supabase.auth.signInWithIdToken({ provider: "openid", token, nonce }));
    assert.deepEqual([user.email, user.app_metadata.provider], [email, "openid"]);
    assert.equal(await apiStatus(session.access_token), 200);
    const wrong = await client().auth.signInWithIdToken({ provider: "openid", token, nonce: "another" });
    assert.equal(refused(wrong, "validation_failed", 400).message, "Nonces mismatch");
    const unknown = await client().auth.signInWithIdToken({ provider: "google", token, nonce });
    refused(unknown, "provider_disabled", 400);
  },

  async "only where it may lead"() {
    await is({ email: someone("leads") });
    const { to } = await travel(await begin(client(), "openid", "https://evil.example/steal"));
    assert.ok(to.startsWith(url + "#"), to);
    const unknown = await fetch(`${url}/auth/v1/authorize?provider=nowhere`, { redirect: "manual" });
    assert.equal(unknown.status, 400);
  },
});
