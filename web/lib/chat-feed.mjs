// One chat, live: subscribes first, then reads what was, and merges by sequence number. No piece is missing or twice,
// whatever arrives in which order, and whatever is cut in the middle.

/**
 * A piece of a chat as the API and Realtime give it.
 * @typedef {{ seq: number, role: string, kind: string, content: string, metadata: Record<string, unknown> }} Row
 */

/** The rows of a chat in order, without what a restarted attempt supersedes. */
export class ChatRows {
  /** @type {Row[]} */ #rows = []
  /** @type {Map<number, Row>} */ #held = new Map()
  #upTo = 0

  /** Rows that count, in order. */
  get rows() { return this.#rows }
  /** All up to this number are known. */
  get upTo() { return this.#upTo }
  /** Whether rows wait for earlier ones that were not seen. */
  get gapped() { return this.#held.size > 0 }
  /** The answer's text. */
  get text() {
    return this.#rows.filter((r) => r.role === 'assistant').map((r) => r.content).join('')
  }

  /**
   * A row from Realtime; one that comes too early waits.
   * @param {Row} row
   * @returns {boolean} whether the rows changed
   */
  add(row) {
    if (row.seq <= this.#upTo) return false
    this.#held.set(row.seq, row)
    return this.#take()
  }

  /**
   * Rows read in order from after `upTo` (as it was when the read began): between them none are missing, though numbers may be.
   * @param {Row[]} rows
   * @returns {boolean} whether the rows changed
   */
  addRead(rows) {
    let changed = false
    for (const row of rows) {
      if (row.seq > this.#upTo) { this.#append(row); changed = true }
    }
    for (const seq of this.#held.keys()) if (seq <= this.#upTo) this.#held.delete(seq)
    return this.#take() || changed
  }

  #take() {
    let changed = false
    for (let next = this.#held.get(this.#upTo + 1); next; next = this.#held.get(this.#upTo + 1)) {
      this.#held.delete(next.seq)
      this.#append(next)
      changed = true
    }
    return changed
  }

  /** @param {Row} row */
  #append(row) {
    if (row.kind === 'notice' && row.metadata?.code === 'attempt_restarted') {
      const after = row.metadata.supersedes_after
      const kept = typeof after === 'number' ? after : row.seq
      this.#rows = this.#rows.filter((r) => r.seq <= kept)
    }
    this.#rows = [...this.#rows, row]
    this.#upTo = row.seq
  }
}

const RETRY_MS = [250, 500, 1000, 2000, 5000]
const GAP_MS = 50

/**
 * Follows a chat until `stop` is called.
 * @param {{
 *   supabase: any,
 *   chatId: string,
 *   readMessages: (after: number) => Promise<{ messages: Row[], next: number | null }>,
 *   readChat?: () => Promise<any>,
 *   onRows?: (rows: ChatRows) => void,
 *   onChat?: (chat: any) => void,
 *   onState?: (state: 'live' | 'waiting', cause?: Error) => void,
 * }} options
 */
export function followChat(options) {
  const feed = new ChatFeed(options)
  feed.start()
  return { rows: feed.rows, stop: () => feed.stop() }
}

class ChatFeed {
  rows = new ChatRows()
  #options
  /** @type {any} */ #channel = null
  #stopped = false
  #failures = 0
  #rejoins = 0
  /** @type {Promise<void> | null} */ #reading = null
  #readAgain = false
  /** @type {Set<ReturnType<typeof setTimeout>>} */ #timers = new Set()

  /** @param {Parameters<typeof followChat>[0]} options */
  constructor(options) { this.#options = options }

  start() {
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

  async stop() {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    await this.#options.supabase.removeChannel(this.#channel)
  }

  /**
   * @param {any} channel
   * @param {string} status
   * @param {Error} [cause]
   */
  #turned(channel, status, cause) {
    if (this.#stopped || channel !== this.#channel) return
    if (status === 'SUBSCRIBED') {
      this.#rejoins = 0
      this.#options.onState?.('live')
      this.#read()
      return
    }
    this.#options.onState?.('waiting', cause)
    // After an error the client joins again by itself; a closed channel (its token's time was over) is gone.
    if (status === 'CLOSED') this.#later(RETRY_MS[Math.min(this.#rejoins++, RETRY_MS.length - 1)], () => this.start())
  }

  /** @param {Row} row */
  #arrived(row) {
    if (this.#stopped) return
    if (this.rows.add(row)) this.#options.onRows?.(this.rows)
    if (this.rows.gapped) this.#later(GAP_MS, () => { if (this.rows.gapped) this.#read() })
  }

  /** Reads what is not known yet; one read at a time, and one more where it was asked for meanwhile. */
  #read() {
    this.#readAgain = true
    this.#reading ??= this.#readOn().finally(() => { this.#reading = null })
  }

  async #readOn() {
    while (this.#readAgain && !this.#stopped) {
      this.#readAgain = false
      try {
        await this.#readOnce()
        this.#failures = 0
      } catch (cause) {
        this.#options.onState?.('waiting', cause instanceof Error ? cause : new Error(String(cause)))
        const wait = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]
        await new Promise((resolve) => this.#later(wait, () => resolve(null)))
        this.#readAgain = true
      }
    }
  }

  async #readOnce() {
    const { readMessages, readChat, onRows, onChat } = this.#options
    // The chat before its messages: where it says that it has ended, all of them are there to be read.
    const chat = await readChat?.()
    for (let more = true; more && !this.#stopped;) {
      const { messages, next } = await readMessages(this.rows.upTo)
      if (this.#stopped) return
      if (this.rows.addRead(messages)) onRows?.(this.rows)
      more = next !== null && messages.length > 0
    }
    if (chat) onChat?.(chat)
  }

  /**
   * @param {number} ms
   * @param {() => void} work
   */
  #later(ms, work) {
    const timer = setTimeout(() => { this.#timers.delete(timer); if (!this.#stopped) work() }, ms)
    this.#timers.add(timer)
  }
}
