// The rows of a chat, merged by sequence number from what is read and what arrives.

/**
 * A piece of a chat as the API and Realtime give it.
 * @typedef {{ seq: number, role: string, kind: string, content: string, metadata: Record<string, unknown> }} Row
 */

/** Larger than any number of a row. */
export const END = 2 ** 31 - 1

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
