// One chat, followed in five ways by supabase-js and the page's own feed; each prints the text that it ends with.
import { createClient } from '@supabase/supabase-js'
import WebSocket from 'ws'
import { followChat } from '../../web/lib/chat-feed.mjs'

const { GATEWAY_URL: url, API_URL: apiUrl, PUBLISHABLE_KEY: key, CHAT: chatId, TOKEN: token, BRIEF_TOKEN: brief } = process.env
const RENEWED_AFTER_MS = 4000
const began = Date.now()

async function api(path) {
  const answer = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return answer.json()
}

function follow(name, { accessToken = async () => token, transport = WebSocket } = {}) {
  const supabase = createClient(url, key, { accessToken, realtime: { transport, reconnectAfterMs: () => 300 } })
  const states = {}
  return new Promise((resolve) => {
    supabase.realtime.setAuth().then(() => {
      const feed = followChat({
        supabase,
        chatId,
        readMessages: (after) => api(`/chats/${chatId}/messages?after=${after}&limit=40`),
        readChat: () => api(`/chats/${chatId}`),
        onState: (state) => { states[state] = (states[state] ?? 0) + 1 },
        onChat: async (chat) => {
          if (chat.status === 'processing') return
          const { rows } = feed
          const arrived = rows.rows.map((r) => r.seq)
          await feed.stop()
          supabase.realtime.disconnect()
          resolve({ name, status: chat.status, text: rows.text, ordered: arrived.every((s, n) => n === 0 || s > arrived[n - 1]), states })
        },
      })
    })
  })
}

const open = []
class Cuttable extends WebSocket {
  constructor(...given) { super(...given); open.push(this) }
}
const cutting = setInterval(() => {
  if (Math.random() < 0.4) for (const socket of open.splice(0)) socket.terminate()
}, 400)

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const followers = [
  follow('first'),
  follow('second'),
  wait(2500).then(() => follow('late')),
  follow('cut', { transport: Cuttable }),
  follow('expiring', { accessToken: async () => (Date.now() - began < RENEWED_AFTER_MS ? brief : token) }),
]
process.stdout.write(JSON.stringify({ name: 'started' }) + '\n')
for (const ended of await Promise.all(followers)) process.stdout.write(JSON.stringify(ended) + '\n')
clearInterval(cutting)
process.exit(0)
