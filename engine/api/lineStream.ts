import type { Duplex } from 'node:stream'

/** Longest message taken, in bytes: a document of the largest size allowed, escaped. */
const longestLine = 128 * 1024 * 1024

export interface LineStream {
  /** Sends one message as one line of JSON. Nothing after the stream has closed. */
  send(message: unknown): void
  /** Sends a line that is JSON already. */
  sendText(text: string): void
  close(): void
}

export interface LineHandlers {
  line(text: string): void
  closed(): void
}

/** Newline-delimited JSON over a socket. A line over the limit closes it. */
export function openLineStream(stream: Duplex, handlers: LineHandlers): LineStream {
  let parts: string[] = []
  let length = 0
  let isClosed = false
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    stream.destroy()
    handlers.closed()
  }
  const take = (chunk: string): void => {
    const pieces = chunk.split('\n')
    const rest = pieces.pop() ?? ''
    for (const piece of pieces) {
      const line = parts.length > 0 ? parts.join('') + piece : piece
      parts = []
      length = 0
      if (line !== '') handlers.line(line)
    }
    if (rest === '') return
    parts.push(rest)
    length += rest.length
    if (length > longestLine) close()
  }
  stream.setEncoding('utf8')
  stream.on('data', take)
  stream.on('close', close)
  stream.on('end', close)
  stream.on('error', close)
  const sendText = (text: string): void => {
    if (!isClosed) stream.write(`${text}\n`)
  }
  return { send: (message) => sendText(JSON.stringify(message)), sendText, close }
}

/** The value of a line; undefined where it is no JSON. */
export function parseLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the peer is no Switchyard, or broken; a message without an id is ignored
  }
}
