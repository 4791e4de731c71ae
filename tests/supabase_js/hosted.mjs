// One page in two modes: Supabase at URL, the API and its workers elsewhere, at API_URL, over the same database.
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";
import { ok, password, run, someone } from "./checks.mjs";

const { URL: supabaseUrl, API_URL: apiUrl, PUBLISHABLE_KEY: key } = process.env;

function page() {
  return createClient(supabaseUrl, key, {
    auth: { autoRefreshToken: false, persistSession: false },
    realtime: { transport: WebSocket },
  });
}

async function person(name) {
  const supabase = page();
  const { session, user } = ok(await supabase.auth.signUp({ email: someone(name), password }));
  const call = async (method, path, body) => {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${session.access_token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { supabase, user, call };
}

/** Follows a chat as PRODUCT.md tells: the text of INSERTs in order, until the chat is no longer processing. */
function followed(supabase, chat) {
  const heard = { text: "", rows: 0 };
  const done = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no end; heard ${JSON.stringify(heard)}`)), 30_000);
    supabase
      .channel(`chat:${chat}`)
      .on(
        "postgres_changes",
        { event: "INSERT", schema: "public", table: "chat_messages", filter: `chat_id=eq.${chat}` },
        (payload) => {
          heard.rows += 1;
          if (payload.new.role === "assistant") heard.text += payload.new.content;
        },
      )
      .on(
        "postgres_changes",
        { event: "UPDATE", schema: "public", table: "chats", filter: `id=eq.${chat}` },
        (payload) => {
          if (payload.new.status === "processing") return;
          clearTimeout(late);
          resolve({ ...heard, status: payload.new.status });
        },
      )
      .on("system", {}, (said) => said.status === "ok" && heard.live?.())
      .subscribe();
  });
  const live = new Promise((resolve) => (heard.live = resolve));
  return { live, done };
}

let ada, stranger, project, chat;

await run({
  async "signs up at Supabase, and the API takes the token"() {
    [ada, stranger] = await Promise.all([person("ada"), person("stranger")]);
    const made = await ada.call("POST", "/projects", { name: "Hosted" });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    project = made.body.id;
    assert.equal((await stranger.call("GET", `/projects/${project}`)).status, 404);
  },

  async "a chat of the API's streams through Supabase Realtime"() {
    const first = await ada.call("POST", "/chat/query", { project_id: project, prompt: "count 1 every 0ms", agent: "scripted" });
    assert.equal(first.status, 200, JSON.stringify(first.body));
    chat = first.body.chat_id;
    const { live, done } = followed(ada.supabase, chat);
    await live;
    const asked = await ada.call("POST", "/chat", { project_id: project, chat_id: chat, prompt: "count 40 every 20ms", agent: "scripted" });
    assert.equal(asked.status, 202, JSON.stringify(asked.body));
    const heard = await done;
    const wanted = Array.from({ length: 40 }, (_, n) => `${n + 1} `).join("");
    assert.deepEqual([heard.status, heard.text], ["completed", wanted]);
    const kept = (await ada.call("GET", `/chats/${chat}/messages`)).body.messages;
    assert.ok(kept.map((m) => (m.role === "assistant" ? m.content : "")).join("").endsWith(wanted));
  },

  async "a stranger hears nothing of it"() {
    const { live, done } = followed(stranger.supabase, chat);
    await live;
    const silent = Promise.race([done.then(() => "heard"), new Promise((r) => setTimeout(r, 1500, "silent"))]);
    await ada.call("POST", "/chat/query", { project_id: project, chat_id: chat, prompt: "count 3 every 10ms", agent: "scripted" });
    assert.equal(await silent, "silent");
    done.catch(() => {});
  },

  async "rows by Supabase's REST, and nothing written by it"() {
    if (process.env.NO_REST) return;
    const rows = ok(await ada.supabase.from("chats").select("id, status").eq("id", chat));
    assert.deepEqual(rows, [{ id: chat, status: "completed" }]);
    assert.deepEqual(ok(await stranger.supabase.from("chats").select("id")), []);
    const { error } = await ada.supabase.from("chats").update({ title: "mine" }).eq("id", chat);
    assert.equal(error.code, "42501");
  },
});
process.exit(0);
