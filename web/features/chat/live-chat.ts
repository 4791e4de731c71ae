import type { SupabaseClient } from "@supabase/supabase-js";
import type { Chat } from "@/features/chats";
import { ChatRows, followChat, type Row } from "@/lib/chat-feed.mjs";
import { Problem } from "@/lib/problem";
import { fold, NOTHING, type Folded } from "./fold";
import type { Asked, Item } from "./items";

export const FLUSH_MS = 50;
/** How many rows stay when a chat is left, and how many there may be while its end is read. */
const KEPT_ROWS = 400;
const MOST_ROWS = 4000;

export interface Snapshot {
  readonly items: readonly Item[];
  readonly chat: Chat | null;
  /** What was said last is there. */
  readonly ready: boolean;
  /** There is more before the first item. */
  readonly earlier: boolean;
  /** Whether new pieces come by themselves now. */
  readonly live: boolean;
  /** The chat is not there for this person. */
  readonly gone: boolean;
  readonly processing: boolean;
}

export const EMPTY: Snapshot = {
  items: [], chat: null, ready: false, earlier: false, live: true, gone: false, processing: false,
};

export interface Source {
  readonly supabase: SupabaseClient;
  readonly readChat: (chatId: string) => Promise<Chat>;
  readonly readMessages: (chatId: string, after: number) => Promise<{ messages: Row[]; next: number | null }>;
  readonly readBefore: (chatId: string, before: number) => Promise<{ messages: Row[]; previous: number | null }>;
}

/** One chat as it is now. It is followed while somebody listens, and remembers what it showed when nobody does. */
export class LiveChat {
  private shown: Snapshot = EMPTY;
  private folded: Folded = NOTHING;
  private readonly rows = new ChatRows();
  private expected: Asked | null = null;
  private reading = false;
  private readonly listeners = new Set<() => void>();
  private feed: ReturnType<typeof followChat> | null = null;
  private left: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private flushedAt = 0;

  constructor(
    private readonly chatId: string,
    private readonly source: Source,
    private readonly flushMs = FLUSH_MS,
  ) {}

  readonly snapshot = (): Snapshot => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) void this.follow();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.leave();
    };
  };

  /** Shows a question that was just sent until it comes back as a row. */
  expect(text: string, agent: string | null): void {
    this.expected = { kind: "asked", seq: this.rows.upTo + 1, text, agent };
    this.begin();
  }

  /** The answer to the last question begins anew. */
  begin(): void {
    this.feed?.expect();
    this.put({ processing: true });
    this.flush();
  }

  /** What was begun was not taken after all. */
  forget(): void {
    this.expected = null;
    this.put({ processing: this.shown.chat?.status === "processing" });
    this.flush();
  }

  /** Brings some of what was before the first item. */
  readonly readEarlier = (): void => this.feed?.readEarlier();

  /** Whether the reader looks at something above the end: then nothing is taken away there. */
  readonly reads = (above: boolean): void => {
    this.reading = above;
  };

  private async follow(): Promise<void> {
    const { supabase, readChat, readMessages, readBefore } = this.source;
    await this.left;
    // Realtime joins with the token it has; without one it would see nothing.
    await supabase.realtime.setAuth();
    if (this.listeners.size === 0 || this.feed !== null) return;
    this.feed = followChat({
      supabase,
      chatId: this.chatId,
      readChat: () => readChat(this.chatId).catch((error: unknown) => this.refused(error)),
      readMessages: (after) => readMessages(this.chatId, after),
      readBefore: (before) => readBefore(this.chatId, before),
      rows: this.rows,
      onRows: () => this.arrived(),
      onChat: (chat: Chat) => this.put({ chat, ready: true, processing: chat.status === "processing" || this.waits }),
      onState: (state) => this.put({ live: state === "live" }),
    });
  }

  private leave(): void {
    const feed = this.feed;
    this.feed = null;
    if (feed === null) return;
    this.left = feed.stop();
    this.reading = false;
    if (this.rows.keep(KEPT_ROWS)) this.soon();
  }

  private refused(error: unknown): never {
    if (error instanceof Problem && error.status === 404) {
      this.put({ gone: true });
      this.leave();
    }
    throw error;
  }

  private arrived(): void {
    const { rows } = this.rows;
    if (rows.length > MOST_ROWS && !this.reading) this.rows.keep(KEPT_ROWS);
    if (this.expected) {
      const asked = rows.findLast((row) => row.role === "user");
      if (asked && asked.seq >= this.expected.seq) this.expected = null;
    }
    this.soon();
  }

  private get waits(): boolean {
    return this.expected !== null;
  }

  private put(change: Partial<Snapshot>): void {
    this.shown = { ...this.shown, ...change };
    this.soon();
  }

  /** At most one drawing in `flushMs`; the first of a burst at once. */
  private soon(): void {
    if (this.timer !== null) return;
    const wait = Math.max(0, this.flushedAt + this.flushMs - Date.now());
    this.timer = setTimeout(() => this.flush(), wait);
  }

  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.flushedAt = Date.now();
    this.folded = fold(this.folded, this.rows.rows, this.rows.start);
    const items = this.expected === null ? this.folded.items : [...this.folded.items, this.expected];
    this.shown = { ...this.shown, items, earlier: this.rows.earlier !== null };
    for (const listener of this.listeners) listener();
  }
}
