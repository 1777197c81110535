import type { Transport, TransportHandlers } from './transport.ts'

/** Where the browser host answers, on the page's own origin. */
const sessionPath = '/api/session'
const socketPath = '/api/socket'

const firstRetryMs = 250
const longestRetryMs = 5000

/**
 * The browser transport: exchanges the token of the address for a cookie, then keeps one WebSocket to the page's own
 * host, trying again with growing pauses for as long as the page lives. It gives up only where the session is refused.
 */
export function createWebSocketTransport(page: Window = window): Transport {
  let socket: WebSocket | undefined
  let handlers: TransportHandlers | undefined
  let retryMs = firstRetryMs
  let ended = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const retry = (message: string) => {
    if (ended) return
    handlers?.closed(message, false)
    timer = setTimeout(connect, retryMs)
    retryMs = Math.min(retryMs * 2, longestRetryMs)
  }

  const open = () => {
    const next = new WebSocket(
      `${page.location.protocol === 'https:' ? 'wss' : 'ws'}://${page.location.host}${socketPath}`,
    )
    socket = next
    next.onopen = () => {
      retryMs = firstRetryMs
      handlers?.opened()
    }
    next.onmessage = (event) => handlers?.received(event.data)
    next.onclose = () => {
      if (socket === next) retry('The connection to the engine is broken. Trying again.')
    }
  }

  const connect = () => {
    ensureSession(page).then(
      (allowed) => {
        if (ended) return
        if (allowed) open()
        else handlers?.closed('This page has no session. Open the address that "switchyard serve" printed.', true)
      },
      () => retry('The engine does not answer. Is "switchyard serve" still running?'),
    )
  }

  return {
    start(given) {
      handlers = given
      connect()
    },
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    close() {
      ended = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}

/**
 * Exchanges `#token=…` for the session cookie and takes the token out of the address, so that it is neither
 * bookmarked nor shared. Without a token it asks whether the cookie of an earlier visit still holds.
 * Rejects where the host cannot be reached.
 */
async function ensureSession(page: Window): Promise<boolean> {
  const token = readToken(page.location.hash)
  if (token === undefined) return (await fetch(sessionPath, { credentials: 'same-origin' })).ok
  const answer = await fetch(sessionPath, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  page.history.replaceState(null, '', page.location.pathname + page.location.search)
  return answer.ok
}

/** The token in an address' fragment: `#token=…`, or undefined. */
export function readToken(hash: string): string | undefined {
  const text = hash.replace(/^#/, '')
  if (text === '') return undefined
  const named = new URLSearchParams(text).get('token')
  if (named !== null) return named === '' ? undefined : named
  return /^[A-Za-z0-9_-]{20,}$/.test(text) ? text : undefined
}
