import type { SupabaseClient } from "@supabase/supabase-js";
import type { Chat } from "@/features/chats";
import type { Row } from "@/lib/chat-feed.mjs";
import { Problem } from "@/lib/problem";
import { LiveChat, type Source } from "./live-chat";

type Heard = (change: { new: Row }) => void;

/** A chat kept in memory, with the part of Realtime that a chat needs. */
class Served {
  rows: Row[] = [];
  chat: Chat | null = { id: "c", project_id: "p", title: "T", status: "completed", cost_usd: 0 } as Chat;
  joined = 0;
  page = 200;
  private inserts: Heard | null = null;

  add(content: string, role = "assistant"): void {
    const row = { seq: this.rows.length + 1, role, kind: "text", content, metadata: {} };
    this.rows.push(row);
    this.inserts?.({ new: row });
  }

  source(): Source {
    const channel = {
      on: (_: string, { table }: { table: string }, heard: Heard) => {
        if (table === "chat_messages") this.inserts = heard;
        return channel;
      },
      subscribe: (turned: (status: string) => void) => {
        this.joined++;
        queueMicrotask(() => turned("SUBSCRIBED"));
      },
    };
    const supabase = { channel: () => channel, removeChannel: async () => void this.joined--, realtime: { setAuth: async () => undefined } };
    return {
      supabase: supabase as unknown as SupabaseClient,
      readChat: async () => {
        if (this.chat === null) throw new Problem(404, "chat_not_found", "There is no such chat.");
        return this.chat;
      },
      readMessages: async (_, after) => ({ messages: this.rows.filter((r) => r.seq > after).slice(0, 2), next: after + 2 < this.rows.length ? after + 2 : null }),
      readBefore: async (_, before) => {
        const all = this.rows.filter((r) => r.seq < before);
        const messages = all.slice(-this.page);
        return { messages, previous: all.length > this.page ? (messages[0]?.seq ?? null) : null };
      },
    };
  }
}

const texts = (live: LiveChat) => live.snapshot().items.map((i) => ("text" in i ? i.text : i.kind));

test("what was is read, what comes is added", async () => {
  const served = new Served();
  served.add("one?", "user");
  served.add("1 ");
  served.add("2 ");
  const live = new LiveChat("c", served.source(), 0);
  const leave = live.subscribe(() => undefined);
  await vi.waitFor(() => expect(live.snapshot().ready).toBe(true));
  served.add("3");
  await vi.waitFor(() => expect(texts(live)).toEqual(["one?", "1 2 3"]));
  leave();
  await vi.waitFor(() => expect(served.joined).toBe(0));
});

test("coming back shows all that came meanwhile, and at once what was shown before", async () => {
  const served = new Served();
  served.add("one?", "user");
  const live = new LiveChat("c", served.source(), 0);
  live.subscribe(() => undefined)();
  const leave = live.subscribe(() => undefined);
  await vi.waitFor(() => expect(texts(live)).toEqual(["one?"]));
  leave();
  served.rows.push({ seq: 2, role: "assistant", kind: "text", content: "1", metadata: {} });
  live.subscribe(() => undefined);
  expect(texts(live)).toEqual(["one?"]);
  await vi.waitFor(() => expect(texts(live)).toEqual(["one?", "1"]));
  expect(served.joined).toBe(1);
});

test("a question stands at once, and once", async () => {
  const served = new Served();
  const live = new LiveChat("c", served.source(), 0);
  live.subscribe(() => undefined);
  live.expect("one?", "quick");
  expect(texts(live)).toEqual(["one?"]);
  expect(live.snapshot().processing).toBe(true);
  await vi.waitFor(() => expect(live.snapshot().ready).toBe(true));
  served.add("one?", "user");
  served.add("1");
  await vi.waitFor(() => expect(texts(live)).toEqual(["one?", "1"]));
  live.expect("two?", "quick");
  live.forget();
  expect(texts(live)).toEqual(["one?", "1"]);
  expect(live.snapshot().processing).toBe(false);
});

test("a burst is drawn once in a while", async () => {
  const served = new Served();
  let drawn = 0;
  const live = new LiveChat("c", served.source(), 50);
  live.subscribe(() => drawn++);
  await vi.waitFor(() => expect(live.snapshot().ready).toBe(true));
  const before = drawn;
  for (let n = 0; n < 500; n++) served.add(`${n} `);
  await vi.waitFor(() => expect(texts(live)[0]).toContain("499"));
  expect(drawn - before).toBeLessThan(10);
});

test("a long chat shows its end, and more of it when that is wanted", async () => {
  const served = new Served();
  served.page = 3;
  for (let n = 1; n <= 4; n++) {
    served.add(`${n}?`, "user");
    served.add(`${n}`);
  }
  const live = new LiveChat("c", served.source(), 0);
  live.subscribe(() => undefined);
  await vi.waitFor(() => expect(live.snapshot().ready).toBe(true));
  expect(texts(live)).toEqual(["4?", "4"]);
  expect(live.snapshot().earlier).toBe(true);
  live.readEarlier();
  await vi.waitFor(() => expect(texts(live)).toEqual(["2?", "2", "3?", "3", "4?", "4"]));
  live.readEarlier();
  await vi.waitFor(() => expect(live.snapshot().earlier).toBe(false));
  expect(texts(live)).toHaveLength(8);
});

test("of what was read long ago little is kept, but what somebody reads", async () => {
  const served = new Served();
  const live = new LiveChat("c", served.source(), 0);
  live.subscribe(() => undefined);
  await vi.waitFor(() => expect(live.snapshot().ready).toBe(true));
  live.reads(true);
  for (let n = 0; n < 3000; n++) {
    served.add(`${n}?`, "user");
    served.add(`${n}`);
  }
  await vi.waitFor(() => expect(live.snapshot().items).toHaveLength(6000));
  live.reads(false);
  served.add("On", "user");
  await vi.waitFor(() => expect(live.snapshot().items.length).toBeLessThan(500));
  expect(texts(live).at(-1)).toBe("On");
  expect(live.snapshot().earlier).toBe(true);
});

test("a chat that is not there is said to be gone", async () => {
  const served = new Served();
  served.chat = null;
  const live = new LiveChat("c", served.source(), 0);
  live.subscribe(() => undefined);
  await vi.waitFor(() => expect(live.snapshot().gone).toBe(true));
});
