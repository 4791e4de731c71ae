import { call, events } from "./api.js";
import { byId, button, el, say } from "./dom.js";
import { Conversation } from "./messages.js";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The chat view: asks, follows the answer however often the connection is cut, stops it. */
export class Chat {
  constructor(onChange) {
    this.onChange = onChange;
    this.view = new Conversation(byId("log"), (prompt) => this.ask(prompt));
    this.projectId = null;
    this.id = null;
    this.following = null;
    byId("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(byId("prompt").value);
    });
    byId("prompt").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.ask(byId("prompt").value);
    });
    byId("stop").addEventListener("click", () => this.stop());
  }

  start(projectId) {
    this.leave();
    this.projectId = projectId;
    this.id = null;
    this.view.clear();
    this.view.log.append(el("div", { class: "hint" },
      el("h1", {}, "What would you like to know?"),
      el("p", {}, "Ask in plain words, or write SQL. Drop a file at the side to add data.")));
    this.busy(false);
  }

  async open(projectId, chatId) {
    this.leave();
    [this.projectId, this.id] = [projectId, chatId];
    this.view.clear();
    const chat = await call("GET", `/chats/${chatId}`);
    for (let after = 0; after !== null;) {
      const page = await call("GET", `/chats/${chatId}/messages?after=${after}`);
      if (this.id !== chatId) return;
      page.messages.forEach((row) => this.view.add(row));
      after = page.next;
    }
    if (chat.status === "processing") this.follow();
    else this.ended(chat);
  }

  async ask(text) {
    const prompt = text.trim();
    if (!prompt || this.following || !this.projectId) return;
    if (!this.id) this.view.clear();
    say("");
    const body = { project_id: this.projectId, prompt, agent: byId("agent").value };
    if (this.id) body.chat_id = this.id;
    byId("prompt").value = "";
    this.view.put(el("p", { class: "question" }, prompt), this.view.last);
    await this.follow(body);
  }

  /** Follows the answer to its end: first the stream that asks, then, where that is cut, the chat's own. */
  async follow(question) {
    const mine = new AbortController();
    this.following = mine;
    this.busy(true);
    const key = crypto.randomUUID();
    let wait = 300;
    while (!mine.signal.aborted) {
      const more = { signal: mine.signal, headers: {} };
      if (question) more.headers["Idempotency-Key"] = key;
      else more.headers["Last-Event-ID"] = `${this.id}:${this.view.last}`;
      try {
        const stream = question
          ? events("POST", "/chat/stream", question, more)
          : events("GET", `/chats/${this.id}/stream`, undefined, more);
        for await (const { event, data } of stream) {
          wait = 300;
          const row = JSON.parse(data);
          if (event === "chat") {
            question = null;
            this.id = row.chat_id;
            this.view.last = row.seq;
            this.onChange();
          } else if (event === "end") return this.ended(row);
          else if (event === "error") return this.failed(row.detail);
          else this.view.add(row);
        }
      } catch (error) {
        if (mine.signal.aborted) return;
        if (error.status > 0 && error.status !== 503) return this.failed(error.message);
        say("The connection was cut; trying again.");
      }
      await pause(wait);
      wait = Math.min(wait * 2, 5000);
    }
  }

  ended(chat) {
    say("");
    if (chat.status === "failed") this.view.note(chat.error?.detail ?? "The answer failed. Ask again.", true);
    else if (chat.status === "cancelled") this.view.note("Stopped.");
    else if (chat.cost_usd > 0) this.view.note(`Cost so far: $${chat.cost_usd.toFixed(3)}`);
    this.finish();
  }

  failed(detail) {
    this.view.note(detail, true);
    this.finish();
  }

  finish() {
    this.following = null;
    this.busy(false);
    this.onChange();
    byId("prompt").focus();
  }

  async stop() {
    if (this.id) await call("POST", `/chat/${this.id}/cancel`).catch((error) => say(error.message));
  }

  leave() {
    this.following?.abort();
    this.following = null;
  }

  busy(on) {
    byId("stop").hidden = !on;
    byId("send").hidden = on;
    byId("log").setAttribute("aria-busy", String(on));
  }
}

export function chatList(chats, current, open) {
  return chats.map((chat) => el("li", {},
    button(chat.title, () => open(chat.id), { class: "item", "aria-current": chat.id === current ? "true" : null }),
    chat.status === "processing" ? el("span", { class: "dot", title: "answering" }) : null));
}
