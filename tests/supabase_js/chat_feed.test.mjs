// The page's feed of one chat: every order of arrival, restarts, gaps, failures. Run by `node --test`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChatRows, followChat } from '../../web/lib/chat-feed.mjs'

const piece = (seq) => ({ seq, role: 'assistant', kind: 'text', content: `${seq} `, metadata: {} })
const restart = (seq, after) => ({ seq, role: 'assistant', kind: 'notice', content: '', metadata: { code: 'attempt_restarted', supersedes_after: after } })
const seqs = (rows) => rows.rows.map((r) => r.seq)

function* orders(items) {
  if (items.length < 2) { yield items; return }
  for (let n = 0; n < items.length; n++) {
    for (const rest of orders([...items.slice(0, n), ...items.slice(n + 1)])) yield [items[n], ...rest]
  }
}

test('five events and a read, in every order, twice each', () => {
  const all = [1, 2, 3, 4, 5].map(piece)
  for (const order of orders([...all, 'read'])) {
    for (let known = 0; known <= 5; known++) {
      const rows = new ChatRows()
      for (const arrival of order) {
        if (arrival === 'read') rows.addRead(all.slice(0, known))
        else { rows.add(arrival); rows.add(arrival) }
      }
      assert.deepEqual(seqs(rows), [1, 2, 3, 4, 5])
      assert.equal(rows.gapped, false)
      assert.equal(rows.text, '1 2 3 4 5 ')
    }
  }
})

test('a restart supersedes what its notice names, in every order', () => {
  const all = [piece(1), piece(2), piece(3), restart(4, 1), piece(5)]
  const counted = [piece(1), restart(4, 1), piece(5)]
  for (const order of orders([...all, 'read'])) {
    const rows = new ChatRows()
    for (const arrival of order) arrival === 'read' ? rows.addRead(counted) : rows.add(arrival)
    assert.deepEqual(seqs(rows), [1, 4, 5])
  }
})

test('a gap is told, and closed by a read', () => {
  const rows = new ChatRows()
  rows.add(piece(3))
  assert.equal(rows.gapped, true)
  assert.deepEqual(seqs(rows), [])
  rows.addRead([piece(1), piece(2)])
  assert.deepEqual(seqs(rows), [1, 2, 3])
})

class FakeSupabase {
  channels = []
  channel(name) {
    const made = { name, on: (_, filter, heard) => { made[filter.table] = heard; return made }, subscribe: (told) => { made.told = told; return made } }
    this.channels.push(made)
    return made
  }
  async removeChannel(channel) { channel.removed = true }
  get last() { return this.channels.at(-1) }
}
const settled = (met) => new Promise((resolve, reject) => {
  const end = Date.now() + 3000
  const look = () => met() ? resolve() : Date.now() > end ? reject(new Error('not in time')) : setTimeout(look, 2)
  look()
})

test('reads at once and after it is live, page by page, and goes on with events', async () => {
  const supabase = new FakeSupabase(), written = [1, 2, 3].map(piece), asked = []
  const readMessages = async (after) => {
    asked.push(after)
    const messages = written.filter((r) => r.seq > after).slice(0, 2)
    return { messages, next: messages.length === 2 ? messages[1].seq : null }
  }
  const feed = followChat({ supabase, chatId: 'c', readMessages })
  await settled(() => feed.rows.upTo === 3)
  assert.deepEqual(asked, [0, 2])
  supabase.last.told('SUBSCRIBED')
  await settled(() => asked.length === 3)
  supabase.last.chat_messages({ new: piece(4) })
  assert.deepEqual(asked, [0, 2, 3])
  supabase.last.chat_messages({ new: piece(5) })
  assert.equal(feed.rows.text, '1 2 3 4 5 ')
  await feed.stop()
  assert.equal(supabase.last.removed, true)
})

test('a cut in the middle, a failing read, and a channel that was closed', async () => {
  const supabase = new FakeSupabase(), written = [piece(1)], states = []
  let failing = 2
  const readMessages = async (after) => {
    if (failing-- > 0) throw new Error('away')
    return { messages: written.filter((r) => r.seq > after), next: null }
  }
  const feed = followChat({ supabase, chatId: 'c', readMessages, onState: (s) => states.push(s) })
  supabase.last.told('SUBSCRIBED')
  await settled(() => feed.rows.upTo === 1)
  supabase.last.told('CHANNEL_ERROR', new Error('cut'))
  written.push(piece(2), piece(3))
  supabase.last.told('SUBSCRIBED')
  await settled(() => feed.rows.upTo === 3)
  supabase.last.told('CLOSED')
  written.push(piece(4))
  await settled(() => supabase.channels.length === 2)
  supabase.last.told('SUBSCRIBED')
  await settled(() => feed.rows.upTo === 4)
  supabase.last.chat_messages({ new: piece(7) })
  written.push(piece(5), piece(6), piece(7))
  await settled(() => feed.rows.upTo === 7)
  assert.equal(feed.rows.text, '1 2 3 4 5 6 7 ')
  assert.ok(states.includes('waiting') && states.includes('live'))
  await feed.stop()
})

test('a chat that ended is told only when all its messages are there', async () => {
  const supabase = new FakeSupabase(), told = []
  let chat = { status: 'processing' }
  const written = [piece(1)]
  const feed = followChat({
    supabase, chatId: 'c', readChat: async () => chat, onChat: (c) => told.push([c.status, feed.rows.upTo]),
    readMessages: async (after) => ({ messages: written.filter((r) => r.seq > after), next: null }),
  })
  await settled(() => told.length === 1)
  written.push(piece(2))
  chat = { status: 'completed' }
  supabase.last.chats({ new: chat })
  await settled(() => told.length === 2)
  assert.deepEqual(told, [['processing', 1], ['completed', 2]])
  await feed.stop()
})

const question = (seq) => ({ ...piece(seq), role: 'user' })

/** A chat that is read from its end, three rows at a time. */
function fromItsEnd(written, more = {}) {
  const supabase = new FakeSupabase(), asked = []
  const feed = followChat({
    supabase, chatId: 'c', ...more,
    readMessages: async (after) => ({ messages: written.filter((r) => r.seq > after), next: null }),
    readBefore: async (before) => {
      asked.push(before)
      const all = written.filter((r) => r.seq < before), messages = all.slice(-3)
      await more.meanwhile?.(feed)
      return { messages, previous: all.length > 3 ? messages[0].seq : null }
    },
  })
  return { feed, supabase, asked }
}

test('a chat is read from its end, as far back as whole answers go, and earlier ones when they are wanted', async () => {
  const { feed, supabase } = fromItsEnd([question(1), piece(2), question(3), piece(4), piece(5), piece(6), piece(7)])
  await settled(() => feed.rows.upTo === 7 && feed.rows.start < feed.rows.rows.length)
  assert.deepEqual([seqs(feed.rows), feed.rows.start, feed.rows.earlier], [[2, 3, 4, 5, 6, 7], 1, 2])
  supabase.last.chat_messages({ new: piece(8) })
  feed.readEarlier()
  await settled(() => feed.rows.earlier === null)
  assert.deepEqual([seqs(feed.rows), feed.rows.start], [[1, 2, 3, 4, 5, 6, 7, 8], 0])
  assert.equal(feed.rows.keep(5), true)
  assert.deepEqual([seqs(feed.rows), feed.rows.earlier], [[3, 4, 5, 6, 7, 8], 3])
  feed.readEarlier()
  await settled(() => feed.rows.earlier === null)
  assert.equal(feed.rows.rows.length, 8)
  await feed.stop()
})

test('a restart and a letting go while earlier rows are read leave no gap and nothing superseded', async () => {
  const written = [question(1), piece(2), question(3), piece(4), piece(5), piece(6), question(7), piece(8), piece(9)]
  let once = (feed) => feed.rows.keep(2)
  const { feed, supabase } = fromItsEnd(written, { meanwhile: (feed) => { if (feed.rows.upTo > 0) { once?.(feed); once = null } } })
  await settled(() => feed.rows.upTo === 9)
  feed.readEarlier()
  await settled(() => feed.rows.rows.length > 3)
  supabase.last.chat_messages({ new: restart(10, 3) })
  feed.readEarlier()
  await settled(() => feed.rows.earlier === null)
  assert.deepEqual(seqs(feed.rows), [1, 2, 3, 10])
  await feed.stop()
})

test('a feed goes on from the rows of another', async () => {
  const written = [question(1), piece(2)]
  const first = fromItsEnd(written)
  await settled(() => first.feed.rows.upTo === 2)
  await first.feed.stop()
  written.push(piece(3))
  const second = fromItsEnd(written, { rows: first.feed.rows })
  await settled(() => second.feed.rows.upTo === 3)
  assert.deepEqual(second.asked, [])
  assert.deepEqual(seqs(second.feed.rows), [1, 2, 3])
  await second.feed.stop()
})

test('an answer of which nothing is heard is read', { timeout: 20_000 }, async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const written = [piece(1)], told = []
  let chat = { status: 'processing' }
  const feed = followChat({
    supabase: new FakeSupabase(), chatId: 'c', readChat: async () => chat, onChat: (c) => told.push(c.status),
    readMessages: async (after) => ({ messages: written.filter((r) => r.seq > after), next: null }),
  })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  await turn()
  written.push(piece(2))
  t.mock.timers.tick(4000)
  await turn()
  assert.equal(feed.rows.upTo, 1)
  chat = { status: 'completed' }
  t.mock.timers.tick(1000)
  await turn()
  assert.deepEqual([told, feed.rows.upTo], [['processing', 'completed'], 2])
  t.mock.timers.tick(60_000)
  await turn()
  assert.equal(told.length, 2)
  feed.expect()
  t.mock.timers.tick(5000)
  await turn()
  assert.equal(told.length, 3)
  await feed.stop()
})

test('a read that never ends is given up, and done again', { timeout: 20_000 }, async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  let reads = 0
  const readMessages = () => ++reads === 1 ? new Promise(() => {}) : Promise.resolve({ messages: [piece(1)], next: null })
  const feed = followChat({ supabase: new FakeSupabase(), chatId: 'c', readMessages })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  for (const ms of [29_000, 1000, 250]) {
    assert.equal(feed.rows.upTo, 0)
    t.mock.timers.tick(ms)
    await turn()
  }
  assert.deepEqual([reads, feed.rows.upTo], [2, 1])
  await feed.stop()
})

test('a read that failed and then did not is told', async () => {
  const states = []
  let failing = true
  const supabase = new FakeSupabase()
  const readMessages = async () => { if (failing) throw new Error('away'); return { messages: [], next: null } }
  const feed = followChat({ supabase, chatId: 'c', readMessages, onState: (s) => states.push(s) })
  supabase.last.told('SUBSCRIBED')
  await settled(() => states.at(-1) === 'waiting')
  failing = false
  await settled(() => states.at(-1) === 'live')
  await feed.stop()
})
