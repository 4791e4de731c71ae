// One chat, live: subscribes and reads what was, and merges by sequence number. No piece is missing or twice, whatever
// arrives in which order, and whatever is cut in the middle. With `readBefore` a chat is read from its end, and what was
// earlier only when it is asked for.

/**
 * A piece of a chat as the API and Realtime give it.
 * @typedef {{ seq: number, role: string, kind: string, content: string, metadata: Record<string, unknown> }} Row
 */

/** Larger than any number of a row. */
const END = 2 ** 31 - 1

/** The rows of a chat in order, without what a restarted attempt supersedes. */
export class ChatRows {
  /** @type {Row[]} */ #rows = []
  /** @type {Map<number, Row>} */ #held = new Map()
  #upTo = 0
  /** @type {number | null} */ #earlier = null

  /** Rows that count, in order; a caller keeps none of it, as it is changed in place. */
  get rows() { return this.#rows }
  /** All from the first row up to this number are known. */
  get upTo() { return this.#upTo }
  /** Those before this number are not read yet; null where the chat's beginning is there. */
  get earlier() { return this.#earlier }
  /** Where in `rows` a question begins: what stands before it belongs to an answer that is not there as a whole. */
  get start() {
    if (this.#earlier === null) return 0
    const at = this.#rows.findIndex(isQuestion)
    return at < 0 ? this.#rows.length : at
  }
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
    return this.#take() || changed
  }

  /**
   * Rows that stand just before those that are known; before `previous` there are more.
   * @param {Row[]} rows
   * @param {number | null} previous
   * @returns {boolean} whether the rows changed
   */
  addEarlier(rows, previous) {
    // A restart that was told while they were read supersedes some of them.
    const kept = Math.min(END, ...this.#rows.flatMap((r) => supersededAfter(r) ?? []))
    const counting = rows.filter((r) => r.seq <= kept).map(lean)
    this.#rows = [...counting, ...this.#rows]
    this.#earlier = previous
    this.#upTo = Math.max(this.#upTo, rows.at(-1)?.seq ?? 0)
    return this.#take() || rows.length > 0
  }

  /**
   * Lets go of all but the last answers, which have so many rows or a few more.
   * @param {number} count
   * @returns {boolean} whether the rows changed
   */
  keep(count) {
    const at = this.#rows.findLastIndex((row, n) => isQuestion(row) && n <= this.#rows.length - count)
    if (at <= 0) return false
    this.#rows = this.#rows.slice(at)
    this.#earlier = this.#rows[0]?.seq ?? null
    return true
  }

  #take() {
    let changed = false
    for (let next = this.#held.get(this.#upTo + 1); next; next = this.#held.get(this.#upTo + 1)) {
      this.#append(next)
      changed = true
    }
    for (const seq of this.#held.keys()) if (seq <= this.#upTo) this.#held.delete(seq)
    return changed
  }

  /** @param {Row} row */
  #append(row) {
    const kept = supersededAfter(row)
    if (kept !== null) this.#rows = this.#rows.filter((r) => r.seq <= kept)
    this.#rows.push(lean(row))
    this.#upTo = row.seq
  }
}

/** @param {Row} row */
function isQuestion(row) { return row.role === 'user' && row.kind === 'text' }

/**
 * After which number a restart's notice supersedes what stands before it; null for any other row.
 * @param {Row} row
 */
function supersededAfter({ seq, kind, metadata }) {
  if (kind !== 'notice' || metadata?.code !== 'attempt_restarted') return null
  return typeof metadata.supersedes_after === 'number' ? metadata.supersedes_after : seq
}

/**
 * Only what a page shows: of a long answer there are thousands.
 * @param {Row} row
 * @returns {Row}
 */
function lean({ seq, role, kind, content, metadata }) { return { seq, role, kind, content, metadata } }

const RETRY_MS = [250, 500, 1000, 2000, 5000]
const GAP_MS = 50
/** Realtime promises no delivery: an answer of which nothing was heard for so long is read. */
const QUIET_MS = 5000

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
    const chat = await readChat?.()
    if (this.#stopped) return
    let more = !(readBefore && this.rows.upTo === 0 && (await this.#readBack()))
    while (more && !this.#stopped) {
      const { messages, next } = await readMessages(this.rows.upTo)
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
      const page = await readBefore?.(before ?? END)
      if (!page || this.#stopped) return false
      // Meanwhile the chat began live, or rows were let go of: what was read does not stand just before the first.
      if (this.rows.earlier !== before || (before === null && this.rows.upTo > 0)) return false
      if (this.rows.addEarlier(page.messages, page.previous)) onRows?.(this.rows)
    } while (this.rows.earlier !== null && this.rows.rows[this.rows.start]?.seq === first)
    return true
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
