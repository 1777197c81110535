import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>

export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Requests in order of arrival. */
  readonly seen: readonly SeenRequest[]
  close(): Promise<void>
}

/** A real HTTP server on a free loopback port. Routes go by `METHOD /path` or `/path`, without query; else 404. */
export async function startHttpServer(routes: Readonly<Record<string, Handler>>): Promise<TestServer> {
  const seen: SeenRequest[] = []
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then(async (request) => {
      seen.push(request)
      const path = request.path.split('?')[0] ?? ''
      const handler = routes[`${request.method} ${path}`] ?? routes[path] ?? notFound
      await handler(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${port}`, seen, close, [Symbol.asyncDispose]: close }
}

/** Answers with JSON. */
export function json(value: unknown, status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
}

/** Answers with bytes or text of a content type. */
export function content(type: string, body: string | Uint8Array, status = 200): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(body)
  }
}

const notFound: Handler = (_request, response) => {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here')
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array)
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  return { method: incoming.method ?? '', path: incoming.url ?? '', headers, body: Buffer.concat(chunks).toString() }
}
