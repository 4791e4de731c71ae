// One chat, live: subscribes and reads what was, and merges by sequence number. No piece is missing or twice, whatever
// arrives in which order, and whatever is cut in the middle. With `readBefore` a chat is read from its end, and what was
// earlier only when it is asked for.

import { ChatRows, END } from './chat-rows.mjs'

export { ChatRows }
/** @typedef {import('./chat-rows.mjs').Row} Row */

const RETRY_MS = [250, 500, 1000, 2000, 5000]
const GAP_MS = 50
/** Realtime promises no delivery: an answer of which nothing was heard for so long is read. */
const QUIET_MS = 5000
/** A read that takes longer is given up: one that never ends would hold up all that follow. */
const READ_MS = 30_000

/**
 * Follows a chat until `stop` is called.
 * @param {{
 *   supabase: any,
 *   chatId: string,
 *   readMessages: (after: number) => Promise<{ messages: Row[], next: number | null }>,
 *   readBefore?: (before: number) => Promise<{ messages: Row[], previous: number | null }>,
 *   readChat?: () => Promise<any>,
 *   rows?: ChatRows,
 *   onRows?: (rows: ChatRows) => void,
 *   onChat?: (chat: any) => void,
 *   onState?: (state: 'live' | 'waiting', cause?: Error) => void,
 * }} options `rows` go on from where an earlier feed of the chat left them
 */
export function followChat(options) {
  const feed = new ChatFeed(options)
  feed.start()
  return { rows: feed.rows, readEarlier: () => feed.readEarlier(), expect: () => feed.expect(), stop: () => feed.stop() }
}

class ChatFeed {
  /** @type {ChatRows} */ rows
  #options
  /** @type {any} */ #channel = null
  #stopped = false
  #joined = false
  #failures = 0
  #rejoins = 0
  /** @type {Promise<void> | null} */ #reading = null
  #readAgain = false
  #earlierWanted = false
  #heardAt = 0
  /** Whether somebody looks after the answer that is under way. */
  #watching = false
  /** @type {Set<ReturnType<typeof setTimeout>>} */ #timers = new Set()

  /** @param {Parameters<typeof followChat>[0]} options */
  constructor(options) {
    this.#options = options
    this.rows = options.rows ?? new ChatRows()
  }

  start() {
    this.#join()
    // What was is there at once, before anything live; a read after the join closes what lies between.
    this.#read()
  }

  /** Reads some of what was before the first row, where there is any. */
  readEarlier() {
    if (this.rows.earlier === null) return
    this.#earlierWanted = true
    this.#work()
  }

  /** An answer is expected: where nothing is heard of it, it is read. */
  expect() {
    this.#heardAt = Date.now()
    if (this.#watching) return
    this.#watching = true
    this.#watch()
  }

  #watch() {
    const quiet = Date.now() - this.#heardAt
    if (quiet >= QUIET_MS) {
      this.#watching = false
      return this.#read()
    }
    this.#later(QUIET_MS - quiet, () => this.#watch())
  }

  async stop() {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    await this.#options.supabase.removeChannel(this.#channel)
  }

  #join() {
    const { supabase, chatId } = this.#options
    const config = { postgres_changes_options: { wait: true } }
    const channel = supabase.channel(`chat:${chatId}`, { config })
    this.#channel = channel
    const of = { schema: 'public' }
    channel
      .on('postgres_changes', { event: 'INSERT', ...of, table: 'chat_messages', filter: `chat_id=eq.${chatId}` },
        (/** @type {{ new: Row }} */ change) => this.#arrived(change.new))
      .on('postgres_changes', { event: 'UPDATE', ...of, table: 'chats', filter: `id=eq.${chatId}` },
        () => this.#read())
      .subscribe((/** @type {string} */ status, /** @type {Error} */ cause) => this.#turned(channel, status, cause))
  }

  /**
   * @param {any} channel
   * @param {string} status
   * @param {Error} [cause]
   */
  #turned(channel, status, cause) {
    if (this.#stopped || channel !== this.#channel) return
    this.#joined = status === 'SUBSCRIBED'
    if (this.#joined) {
      this.#rejoins = 0
      this.#read()
      return this.#tell()
    }
    this.#tell(cause)
    // After an error the client joins again by itself; a closed channel (its token's time was over) is gone.
    if (status === 'CLOSED') this.#later(RETRY_MS[Math.min(this.#rejoins++, RETRY_MS.length - 1)], () => this.#join())
  }

  /** @param {Error} [cause] */
  #tell(cause) {
    this.#options.onState?.(this.#joined && this.#failures === 0 ? 'live' : 'waiting', cause)
  }

  /** @param {Row} row */
  #arrived(row) {
    if (this.#stopped) return
    this.expect()
    if (this.rows.add(row)) this.#options.onRows?.(this.rows)
    if (this.rows.gapped) this.#later(GAP_MS, () => { if (this.rows.gapped) this.#read() })
  }

  /** Reads what is not known yet. */
  #read() {
    this.#readAgain = true
    this.#work()
  }

  /** One read at a time, and one more where it was asked for meanwhile. */
  #work() {
    this.#reading ??= this.#readOn().finally(() => { this.#reading = null })
  }

  async #readOn() {
    while ((this.#readAgain || this.#earlierWanted) && !this.#stopped) {
      const { earlierWanted, readAgain } = { earlierWanted: this.#earlierWanted, readAgain: this.#readAgain }
      this.#readAgain = this.#earlierWanted = false
      try {
        if (readAgain) await this.#readLater()
        if (earlierWanted) await this.#readBack()
        if (this.#failures > 0) { this.#failures = 0; this.#tell() }
      } catch (cause) {
        const wait = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]
        this.#tell(cause instanceof Error ? cause : new Error(String(cause)))
        await new Promise((resolve) => this.#later(wait, () => resolve(null)))
        this.#readAgain ||= readAgain
        this.#earlierWanted ||= earlierWanted
      }
    }
  }

  async #readLater() {
    const { readMessages, readBefore, readChat, onRows, onChat } = this.#options
    // The chat before its messages: where it says that it has ended, all of them are there to be read.
    const chat = readChat && (await this.#within(readChat()))
    if (this.#stopped) return
    let more = !(readBefore && this.rows.upTo === 0 && (await this.#readBack()))
    while (more && !this.#stopped) {
      const { messages, next } = await this.#within(readMessages(this.rows.upTo))
      if (this.#stopped) return
      if (this.rows.addRead(messages)) onRows?.(this.rows)
      more = next !== null && messages.length > 0
    }
    if (this.#stopped || !chat) return
    if (chat.status === 'processing') this.expect()
    onChat?.(chat)
  }

  /**
   * Reads back until a question more is there, or the chat's beginning.
   * @returns {Promise<boolean>} whether that went on from the rows as they are now
   */
  async #readBack() {
    const { readBefore, onRows } = this.#options
    const first = this.rows.rows[this.rows.start]?.seq
    do {
      const before = this.rows.earlier
      const page = readBefore && (await this.#within(readBefore(before ?? END)))
      if (!page || this.#stopped) return false
      // Meanwhile the chat began live, or rows were let go of: what was read does not stand just before the first.
      if (this.rows.earlier !== before || (before === null && this.rows.upTo > 0)) return false
      if (this.rows.addEarlier(page.messages, page.previous)) onRows?.(this.rows)
    } while (this.rows.earlier !== null && this.rows.rows[this.rows.start]?.seq === first)
    return true
  }

  /**
   * What a read gives; rejects where it does not end.
   * @template T
   * @param {Promise<T>} reading
   * @returns {Promise<T>}
   */
  #within(reading) {
    return new Promise((resolve, reject) => {
      const giveUp = this.#later(READ_MS, () => reject(new Error('The server does not answer.')))
      reading.then(resolve, reject).finally(giveUp)
    })
  }

  /**
   * @param {number} ms
   * @param {() => void} work
   * @returns {() => void} undoes it
   */
  #later(ms, work) {
    const undo = () => { clearTimeout(timer); this.#timers.delete(timer) }
    const timer = setTimeout(() => { this.#timers.delete(timer); if (!this.#stopped) work() }, ms)
    this.#timers.add(timer)
    return undo
  }
}
