import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Notification } from '../../model/protocol.ts'
import { openLineStream, type LineStream } from '../api/lineStream.ts'

/** WebSocket close code for "service restart": the page connects again. https://www.iana.org/assignments/websocket */
const serviceRestart = 1012

/**
 * Passes messages between one page and the engine, unread: one text frame is one line. When the engine is gone the
 * page is told and let go; it comes back by itself.
 */
export function relaySocket(page: WebSocket, connect: () => Promise<Socket>): void {
  let engine: LineStream | undefined
  const early: string[] = []
  const lose = (message: string): void => {
    if (page.readyState !== page.OPEN) return
    const notification: Notification = { event: 'engine.lost', params: { message } }
    page.send(JSON.stringify(notification))
    page.close(serviceRestart)
  }
  page.on('message', (data, isBinary) => {
    const text = isBinary ? undefined : toText(data)
    if (text === undefined || text.includes('\n')) page.close(1003)
    else if (engine) engine.sendText(text)
    else early.push(text)
  })
  page.on('close', () => engine?.close())
  page.on('error', () => page.terminate())
  connect().then(
    (socket) => {
      engine = openLineStream(socket, {
        line: (text) => page.send(text),
        closed: () => lose('The engine process ended. It is being restarted.'),
      })
      if (page.readyState === page.OPEN) for (const text of early.splice(0)) engine.sendText(text)
      else engine.close()
    },
    (error: unknown) => lose(error instanceof Error ? error.message : String(error)),
  )
}

function toText(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}
