// Clients of Realtime for realtime.py: real supabase-js, one client (and socket) a chat, or bare idle sockets.
// Reads lines of JSON from stdin: {do: 'follow'|'idle'|'report'|'close', ...}; answers each with one line.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const require = createRequire(new URL('../tests/supabase_js/package.json', import.meta.url))
const { createClient } = require('@supabase/supabase-js')
const WebSocket = require('ws')
const { GATEWAY_URL: url, PUBLISHABLE_KEY: key, TOKEN: token } = process.env
const now = () => performance.timeOrigin + performance.now()

let arrivals = []
let clients = []
let idle = []

async function follow(chat, n) {
  const client = createClient(url, key, { accessToken: async () => token, realtime: { transport: WebSocket } })
  clients.push(client)
  await client.realtime.setAuth()
  return new Promise((resolve, reject) => {
    client.channel(`chat:${chat}`)
      .on('postgres_changes', { event: 'INSERT', schema: 'public', table: 'chat_messages', filter: `chat_id=eq.${chat}` },
        (payload) => arrivals.push(n, payload.new.seq, now()))
      .on('system', {}, (said) => { if (said.status === 'ok') resolve() })
      .subscribe((status, error) => { if (status === 'CHANNEL_ERROR') reject(error ?? new Error(status)) })
  })
}

function rest(chat) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${key}&vsn=2.0.0`, { perMessageDeflate: false })
  idle.push(socket)
  return new Promise((resolve, reject) => {
    const changes = [{ event: 'INSERT', schema: 'public', table: 'chat_messages', filter: `chat_id=eq.${chat}` }]
    socket.on('open', () => socket.send(JSON.stringify(['1', '1', `realtime:chat:${chat}`, 'phx_join',
      { config: { postgres_changes: changes }, access_token: token }])))
    socket.on('message', (text) => { if (String(text).includes('Subscribed to PostgreSQL')) resolve() })
    socket.on('error', reject)
  })
}

async function inWaves(items, start, width) {
  for (let at = 0; at < items.length; at += width) {
    await Promise.all(items.slice(at, at + width).map((item, n) => start(item, at + n)))
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = JSON.parse(line)
  let answer = {}
  if (said.do === 'follow') await inWaves(said.chats, follow, 50)
  if (said.do === 'idle') await inWaves(said.chats, rest, 100)
  if (said.do === 'report') answer = { arrivals }
  if (said.do === 'close') {
    for (const client of clients) client.realtime.disconnect()
    for (const socket of idle) socket.terminate()
    clients = []; idle = []; arrivals = []
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
