// supabase-js over Realtime: changes under row-level security, filters, tokens, broadcast, presence, private channels.
import assert from 'node:assert/strict'
import { createClient } from '@supabase/supabase-js'
import WebSocket from 'ws'

const { GATEWAY_URL: url, TEST_URL: backDoor, PUBLISHABLE_KEY: key } = process.env

async function post(path, body) {
  const answer = await fetch(`${backDoor}/test/${path}`, { method: 'POST', body: JSON.stringify(body) })
  assert.equal(answer.status, 200)
  return answer.json()
}
const sql = (statement, ...args) => post('sql', { sql: statement, args })
const one = async (statement, ...args) => (await sql(statement, ...args))[0]

const clients = []
async function client(token, options = {}) {
  const session = { token: token ?? null }
  const made = createClient(url, key, {
    accessToken: async () => session.token,
    realtime: { transport: WebSocket, ...options },
  })
  made.renew = async (fresh) => { session.token = fresh; await made.realtime.setAuth() }
  clients.push(made)
  return made
}

async function person(ttl = 600) {
  const { user, token } = await post('token', { ttl })
  return { user, token, client: await client(token) }
}

async function world() {
  const owner = await person()
  const project = (await one("insert into projects (name, name_git, user_owner) values ('P', 'p', %s) returning id", owner.user)).id
  return { owner, project, chat: await chatIn(project, owner.user) }
}
const chatIn = async (project, user) =>
  (await one("insert into chats (project_id, user_id, title, agent) values (%s, %s, 't', 'quick') returning id", project, user)).id
const say = (project, chat, seq, content = `${seq} `) =>
  sql("insert into chat_messages (chat_id, project_id, seq, role, content) values (%s, %s, %s, 'assistant', %s)", chat, project, seq, content)

class Heard {
  constructor() { this.all = []; this.waiting = [] }
  add = (payload) => { this.all.push(payload); this.waiting = this.waiting.filter((w) => !w()) }
  until(met, ms = 5000) {
    const late = new Error()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(Object.assign(late, { message: `not within ${ms} ms; heard ${JSON.stringify(this.all)}` })), ms)
      const look = () => { if (!met(this.all)) return false; clearTimeout(timer); resolve(this.all); return true }
      if (!look()) this.waiting.push(look)
    })
  }
  count = (n) => this.until((all) => all.length >= n)
}

/** Subscribes; resolves when the server says that the changes are live. */
function subscribed(channel, statuses = new Heard()) {
  const system = new Heard()
  channel.on('system', {}, system.add)
  channel.subscribe(statuses.add)
  return system.until((all) => all.some((s) => s.extension === 'postgres_changes' && s.status === 'ok'))
}
const joined = (channel, statuses = new Heard()) => {
  channel.subscribe((status, error) => statuses.add(error ? `${status}: ${error.message}` : status))
  return statuses.until((all) => all.length > 0).then((all) => all[0])
}
const inserts = (chat) => ({ event: 'INSERT', schema: 'public', table: 'chat_messages', filter: `chat_id=eq.${chat}` })
const texts = (all) => all.map((p) => p.new.content).join('')

const tests = {
  async 'a chat as the page follows it'() {
    const { owner, project, chat } = await world()
    const pieces = new Heard(), chats = new Heard()
    const channel = owner.client.channel(`chat:${chat}`)
      .on('postgres_changes', inserts(chat), pieces.add)
      .on('postgres_changes', { event: 'UPDATE', schema: 'public', table: 'chats', filter: `id=eq.${chat}` }, chats.add)
    await subscribed(channel)
    for (let seq = 1; seq <= 30; seq++) await say(project, chat, seq)
    await sql("update chats set status = 'failed', error = '{\"code\": \"x\"}', failed_at = now() where id = %s", chat)
    await chats.count(1)
    assert.equal(texts(pieces.all), Array.from({ length: 30 }, (_, i) => `${i + 1} `).join(''))
    assert.equal(chats.all[0].new.status, 'failed')
    assert.deepEqual(chats.all[0].new.error, { code: 'x' })
    assert.deepEqual(chats.all[0].old, { id: chat })
    assert.equal(pieces.all[0].eventType, 'INSERT')
    assert.equal(typeof pieces.all[0].new.seq, 'number')
    assert.ok(!Number.isNaN(Date.parse(pieces.all[0].commit_timestamp)))
  },

  async 'updates and deletes, several bindings of a channel, each event once'() {
    const { owner, project, chat } = await world()
    const all = new Heard(), updates = new Heard(), deletes = new Heard()
    const of = { schema: 'public', table: 'datasets' }
    await subscribed(owner.client.channel('d')
      .on('postgres_changes', { event: '*', ...of, filter: `project_id=eq.${project}` }, all.add)
      .on('postgres_changes', { event: 'UPDATE', ...of }, updates.add)
      .on('postgres_changes', { event: 'DELETE', ...of }, deletes.add))
    const { id } = await one("insert into datasets (project_id, user_owner, name, name_python) values (%s, %s, 'A', 'a') returning id", project, owner.user)
    const own = (n) => all.until((heard) => heard.filter((p) => p.new.id === id).length >= n)
    await own(1)
    await sql("update datasets set name = 'B' where id = %s", id)
    await own(2)
    await sql('delete from datasets where id = %s', id)
    await deletes.count(1)
    assert.deepEqual(all.all.filter((p) => p.new.id === id).map((p) => p.eventType), ['INSERT', 'UPDATE'])
    assert.deepEqual(updates.all.map((p) => p.new.name), ['B'])
    assert.deepEqual(deletes.all[0].old, { id })
    assert.deepEqual(deletes.all[0].new, {})
  },

  async 'a stranger and somebody signed out get nothing'() {
    const { owner, project, chat } = await world()
    const stranger = await person(), anon = await client()
    const heard = [new Heard(), new Heard(), new Heard()]
    for (const [n, who] of [owner.client, stranger.client, anon].entries()) {
      await subscribed(who.channel('c').on('postgres_changes', { event: '*', schema: 'public', table: 'chat_messages' }, heard[n].add))
    }
    await say(project, chat, 1)
    await say(project, chat, 2)
    await heard[0].until((all) => all.filter((p) => p.new.chat_id === chat).length === 2)
    await Promise.all([stranger.client, anon].map((c) => c.realtime.sendHeartbeat()))
    assert.equal(heard[1].all.length + heard[2].all.length, 0)
  },

  async 'membership given, taken away, and the project deleted'() {
    const { owner, project, chat } = await world()
    const friend = await person()
    const heard = new Heard(), sure = new Heard()
    await subscribed(friend.client.channel('c').on('postgres_changes', inserts(chat), heard.add))
    await subscribed(owner.client.channel('c').on('postgres_changes', inserts(chat), sure.add))
    await say(project, chat, 1)
    await sure.count(1)
    await sql("insert into project_members (project_id, user_id, role) values (%s, %s, 'viewer')", project, friend.user)
    await say(project, chat, 2)
    await say(project, chat, 3)
    await heard.count(2)
    await sql('delete from project_members where project_id = %s and user_id = %s', project, friend.user)
    await say(project, chat, 4)
    await sure.count(4)
    await sql('update projects set deleted_at = now() where id = %s', project)
    await say(project, chat, 5)
    await owner.client.realtime.sendHeartbeat()
    assert.equal(texts(heard.all), '2 3 ')
    assert.equal(texts(sure.all), '1 2 3 4 ')
  },

  async 'signed in later by setAuth, on the same channel'() {
    const { owner, project, chat } = await world()
    const late = await client()
    const heard = new Heard(), sure = new Heard()
    await subscribed(owner.client.channel('c').on('postgres_changes', inserts(chat), sure.add))
    await subscribed(late.channel('c').on('postgres_changes', inserts(chat), heard.add))
    await say(project, chat, 1)
    await sure.count(1)
    await late.renew(owner.token)
    await late.realtime.sendHeartbeat()
    await until(async () => { await say(project, chat, heard.all.length + 2 + Math.floor(Math.random() * 1e6)); return heard.all.length > 0 })
    assert.ok(!texts(heard.all).startsWith('1 '))
  },

  async 'a token that expires closes the channel, a refreshed one keeps it'() {
    const { owner, project, chat } = await world()
    const brief = (await post('token', { user: owner.user, ttl: 2 })).token
    const gone = await client(brief), kept = await client(brief)
    const lost = new Heard(), said = new Heard(), heard = new Heard()
    const channel = gone.channel('c').on('postgres_changes', inserts(chat), () => {})
    channel.on('system', {}, said.add)
    await subscribed(channel, lost)
    await subscribed(kept.channel('c').on('postgres_changes', inserts(chat), heard.add))
    await kept.renew(owner.token)
    await lost.until((all) => all.includes('CLOSED'))
    assert.match(said.all.at(-1).message, /^Token has expired/)
    await say(project, chat, 1)
    await heard.count(1)
  },

  async 'forged and expired tokens are refused'() {
    const parts = (await person()).token.split('.')
    const none = [Buffer.from('{"alg":"none"}').toString('base64url'), parts[1], ''].join('.')
    const swapped = [parts[0], Buffer.from(JSON.stringify({ role: 'service_role', exp: 9e9 })).toString('base64url'), parts[2]].join('.')
    const expired = (await post('token', { ttl: -60 })).token
    for (const token of [none, swapped, expired, 'rubbish']) {
      const answer = await joined((await client(token)).channel('c'))
      assert.match(answer, /^CHANNEL_ERROR: InvalidJWTToken/, token)
    }
  },

  async 'filters compare as the column is typed'() {
    const { owner, project, chat } = await world()
    const cases = {
      'seq=gt.9': [10, 11], 'seq=lte.2': [1, 2], 'seq=neq.1': [2, 9, 10, 11], 'seq=in.(1,10)': [1, 10],
      'content=like.%9%': [9], 'content=ilike.A%': [10, 11], 'content=match.^a[0-9]$': [10], 'seq=not.in.(1,2,9)': [10, 11],
      'metadata=is.null': [], 'content=eq."x,(y)"': [1], 'seq=gte.9,seq=lt.11': [9, 10], 'role=isdistinct.user': [1, 2, 9, 10, 11],
      'seq=not.eq.9': [1, 2, 10, 11], 'content=imatch.^A': [10, 11], 'seq=eq. 9': [9], 'created_at=gt.2001-01-01': [1, 2, 9, 10, 11],
    }
    const heard = Object.keys(cases).map(() => new Heard())
    const channel = owner.client.channel('f')
    Object.keys(cases).forEach((filter, n) => channel.on('postgres_changes',
      { event: 'INSERT', schema: 'public', table: 'chat_messages', filter: `chat_id=eq.${chat},${filter}` }, heard[n].add))
    const last = new Heard()
    channel.on('postgres_changes', { event: 'UPDATE', schema: 'public', table: 'chats', filter: `id=eq.${chat}` }, last.add)
    await subscribed(channel)
    for (const [seq, content] of [[1, 'x,(y)'], [2, 'b'], [9, 'c9'], [10, 'a1'], [11, 'A12']]) await say(project, chat, seq, content)
    await sql("update chats set title = 'done' where id = %s", chat)
    await last.count(1)
    Object.entries(cases).forEach(([filter, seqs], n) => assert.deepEqual(heard[n].all.map((p) => p.new.seq), seqs, filter))
  },

  async 'select narrows the columns, the key stays'() {
    const { owner, project, chat } = await world()
    const heard = new Heard()
    await subscribed(owner.client.channel('s').on('postgres_changes', { ...inserts(chat), select: ['content'] }, heard.add))
    await say(project, chat, 1, 'x')
    await heard.count(1)
    assert.deepEqual(heard.all[0].new, { chat_id: chat, seq: 1, content: 'x' })
  },

  async 'what can not be subscribed is said'() {
    const { owner, chat } = await world()
    for (const [n, changes] of [
      { event: '*', schema: 'public', table: 'nothing' },
      { event: '*', schema: 'auth', table: 'users' },
      { event: '*', schema: 'public', table: 'chats', filter: 'id=eq.notauuid' },
      { event: '*', schema: 'public', table: 'chats', filter: 'nothing=eq.1' },
      { event: '*', schema: 'public', table: 'chats', filter: "id=eq.1'; drop table chats" },
    ].entries()) {
      const system = new Heard()
      const channel = owner.client.channel(`bad${n}`).on('postgres_changes', changes, () => {}).on('system', {}, system.add)
      assert.equal(await joined(channel), 'SUBSCRIBED')
      await system.count(1)
      assert.equal(system.all[0].status, 'error', JSON.stringify(changes))
      const waits = owner.client.channel(`wait${n}`, { config: { postgres_changes_options: { wait: true } } })
      assert.match(await joined(waits.on('postgres_changes', changes, () => {})), /^CHANNEL_ERROR/)
      await owner.client.removeChannel(waits)
    }
  },

  async 'broadcast: others, self, ack, raw bytes, by HTTP, leaving'() {
    const [a, b] = [(await person()).client, await client()]
    const heardA = new Heard(), heardB = new Heard()
    const room = `room/${Math.random()}`
    const on = (c, heard, config) => c.channel(room, { config: { broadcast: config } }).on('broadcast', { event: '*' }, heard.add)
    const channelA = on(a, heardA, { ack: true, self: true }), channelB = on(b, heardB, {})
    assert.equal(await joined(channelA), 'SUBSCRIBED')
    assert.equal(await joined(channelB), 'SUBSCRIBED')
    assert.equal(await channelA.send({ type: 'broadcast', event: 'ünï', payload: { n: 1, text: 'é' } }), 'ok')
    await channelB.send({ type: 'broadcast', event: 'e', payload: new Uint8Array([1, 2, 3]).buffer })
    await heardA.count(2)
    await channelB.httpSend('http', { n: 2 })
    await heardB.count(2)
    assert.deepEqual(heardB.all[0], { type: 'broadcast', event: 'ünï', payload: { n: 1, text: 'é' } })
    assert.deepEqual([...new Uint8Array(heardA.all[1].payload)], [1, 2, 3])
    assert.deepEqual(heardB.all[1].payload, { n: 2 })
    assert.equal(await channelB.unsubscribe(), 'ok')
    await channelA.send({ type: 'broadcast', event: 'late', payload: {} })
    assert.equal(heardB.all.length, 2)
  },

  async 'presence: state, joins, updates, leaves, also of a socket that is cut'() {
    const [a, b] = [await client(), await client()]
    const room = `presence${Math.random()}`, states = new Heard(), leaves = new Heard()
    const watch = a.channel(room, { config: { presence: { key: 'a' } } })
    watch.on('presence', { event: 'sync' }, () => states.add(structuredClone(watch.presenceState())))
    watch.on('presence', { event: 'leave' }, leaves.add)
    await joined(watch)
    assert.equal(await watch.track({ mood: 'fine' }), 'ok')
    const other = b.channel(room, { config: { presence: { key: 'b' } } })
    const seen = new Heard()
    other.on('presence', { event: 'sync' }, () => seen.add(structuredClone(other.presenceState())))
    await joined(other)
    await seen.until((all) => all.at(-1)?.a?.[0].mood === 'fine')
    assert.equal(await other.track({ mood: 'new' }), 'ok')
    await states.until((all) => all.at(-1)?.b?.[0].mood === 'new')
    assert.equal(await other.track({ mood: 'newer' }), 'ok')
    await states.until((all) => all.at(-1)?.b?.length === 1 && all.at(-1).b[0].mood === 'newer')
    assert.equal(await watch.untrack(), 'ok')
    await seen.until((all) => !all.at(-1).a)
    b.realtime.disconnect()
    await states.until((all) => !all.at(-1).b)
    assert.ok(leaves.all.some((l) => l.key === 'b'))
  },

  async 'private channels are what policies of realtime.messages say'() {
    const friend = await person(), stranger = await person()
    const room = `club-${friend.user}`
    await sql(`create policy "club ${room}" on realtime.messages for all to authenticated
      using (realtime.topic() = 'club-' || (select auth.uid())) with check (realtime.topic() = 'club-' || (select auth.uid()))`)
    const heard = new Heard()
    const channel = friend.client.channel(room, { config: { private: true, broadcast: { self: true, ack: true } } })
    channel.on('broadcast', { event: 'e' }, heard.add)
    assert.equal(await joined(channel), 'SUBSCRIBED')
    assert.match(await joined(stranger.client.channel(room, { config: { private: true } })), /Unauthorized/)
    assert.match(await joined((await client()).channel(room, { config: { private: true } })), /Unauthorized/)
    const outside = stranger.client.channel(room, { config: { private: true } })
    await outside.httpSend('e', { from: 'stranger' }).catch(() => {})
    const publicOne = (await client()).channel(room, { config: { broadcast: { ack: true } } })
    await joined(publicOne)
    await publicOne.send({ type: 'broadcast', event: 'e', payload: { from: 'public' } })
    assert.equal(await channel.send({ type: 'broadcast', event: 'e', payload: { from: 'friend' } }), 'ok')
    await heard.count(1)
    assert.deepEqual(heard.all.map((m) => m.payload.from), ['friend'])
    await sql(`drop policy "club ${room}" on realtime.messages`)
  },

  async 'several channels of one client, one left, one late'() {
    const { owner, project, chat } = await world()
    const other = await chatIn(project, owner.user)
    const heard = [new Heard(), new Heard(), new Heard()]
    const first = owner.client.channel('one').on('postgres_changes', inserts(chat), heard[0].add)
    await subscribed(first)
    await subscribed(owner.client.channel('two').on('postgres_changes', inserts(other), heard[1].add))
    await say(project, chat, 1)
    await say(project, other, 1, 'other ')
    await heard[1].count(1)
    await owner.client.removeChannel(first)
    await subscribed(owner.client.channel('late').on('postgres_changes', inserts(chat), heard[2].add))
    await say(project, chat, 2)
    await heard[2].count(1)
    assert.deepEqual(heard.map((h) => texts(h.all)), ['1 ', 'other ', '2 '])
  },

  async 'a channel that is left and joined again by its name lives on'() {
    const { owner, chat } = await world()
    for (const vsn of ['1.0.0', '2.0.0']) {
      const one = await client(owner.token, { vsn })
      for (const changes of [[], [inserts(chat)]]) {
        const name = `again${vsn}${changes.length}`
        const mount = async (heard, ended = () => {}) => {
          const channel = one.channel(name).on('broadcast', { event: 'e' }, heard.add), statuses = new Heard()
          for (const change of changes) channel.on('postgres_changes', change, () => {})
          channel.subscribe((status) => { statuses.add(status); if (status !== 'SUBSCRIBED') ended(status) })
          await statuses.until((all) => all.includes('SUBSCRIBED'))
          return channel
        }
        const alive = async (heard) => {
          await one.realtime.sendHeartbeat()
          await (await client()).channel(name).httpSend('e', {})
          await heard.count(1)
        }
        const [second, third] = [new Heard(), new Heard()]
        await one.removeChannel(await mount(new Heard()))
        let next
        const left = await mount(second, () => { next = mount(third, third.add) })
        await alive(second)
        // Not awaited: the next one is made as soon as its name is free, before the server's goodbye is read.
        void one.removeChannel(left)
        await until(() => next)
        await next
        await alive(third)
        assert.deepEqual([second.all.length, third.all.length], [1, 1], name)
      }
    }
  },

  async 'the older protocol'() {
    const { owner, project, chat } = await world()
    const old = await client(owner.token, { vsn: '1.0.0' })
    const heard = new Heard(), said = new Heard()
    await subscribed(old.channel('c').on('postgres_changes', inserts(chat), heard.add))
    await say(project, chat, 1)
    await heard.count(1)
    const a = old.channel('room').on('broadcast', { event: 'e' }, said.add), b = (await client()).channel('room')
    await joined(a)
    await joined(b)
    await b.send({ type: 'broadcast', event: 'e', payload: { n: 1 } })
    await said.count(1)
    assert.deepEqual(said.all[0].payload, { n: 1 })
  },
}

async function until(met, ms = 5000) {
  const end = Date.now() + ms
  while (!(await met())) {
    assert.ok(Date.now() < end, 'in time')
    await new Promise((r) => setTimeout(r, 20))
  }
}

const only = process.env.ONLY
let failed = 0
for (const [name, test] of Object.entries(tests)) {
  if (only && !name.includes(only)) continue
  const began = Date.now()
  try {
    await test()
    console.log(JSON.stringify({ name, ms: Date.now() - began }))
  } catch (error) {
    failed += 1
    console.error(`${name}: ${error.message} ${error.stack}`)
  }
  for (const made of clients.splice(0)) { await made.removeAllChannels(); made.realtime.disconnect() }
}
process.exit(failed ? 1 : 0)
