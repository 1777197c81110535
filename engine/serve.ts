import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { NodeFailure } from '../model/failure.ts'
import { EngineSupervisor } from './serve/engineSupervisor.ts'
import { RequestGuard, type Refusal } from './serve/requestGuard.ts'
import { apiPrefix, findRoute, refuse, type Route } from './serve/routes.ts'
import { securityHeaders } from './serve/securityHeaders.ts'
import { relaySocket } from './serve/socketRelay.ts'
import { StaticFiles } from './serve/staticFiles.ts'
import { packageFolder } from './workspace/packageFolder.ts'
import type { WorkspaceFolder } from './workspace/workspaceFolder.ts'

/** Port of the browser host where none is asked for; the next free one is taken if it is in use. */
export const defaultPort = 4317
const portsTried = 20
const longestBody = 4096
const longestMessage = 100 * 1024 * 1024

export interface ServeOptions {
  readonly workspace: WorkspaceFolder
  /** 0 takes any free port; undefined the default or one after it. */
  readonly port?: number
  readonly supervisor?: EngineSupervisor
  readonly pageFolder?: string
}

/** The browser host as it runs. */
export interface BrowserHost {
  /** Address with the token in its fragment: whoever has it may use the workspace. */
  readonly url: string
  readonly port: number
  readonly routes: readonly Route[]
  readonly supervisor: EngineSupervisor
  close(): Promise<void>
}

/**
 * Serves the page and relays it to the workspace's engine, on loopback only. The page's files hold no data and need no
 * token; everything under /api/ is guarded by {@link RequestGuard}. Fails as `port-taken`, or as the engine's start does.
 */
export async function serve(options: ServeOptions): Promise<BrowserHost> {
  const supervisor = options.supervisor ?? new EngineSupervisor(options.workspace)
  const server = createServer()
  const port = await listen(server, options.port)
  const guard = new RequestGuard(port)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage, perMessageDeflate: false })
  const routes = apiRoutes(guard, sockets, supervisor)
  const files = new StaticFiles(options.pageFolder ?? join(packageFolder(), 'dist', 'renderer'))
  const headers = securityHeaders(port)
  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    respond(request, response, { guard, routes, files }).catch((error: unknown) => {
      process.stderr.write(`serve: ${error instanceof Error ? error.message : String(error)}\n`)
      response.destroy()
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const route = findRoute(routes, request, true)
    const refusal = route
      ? refuse(guard, route, request)
      : (refuseStranger(guard, request) ?? { status: 403, message: 'There is nothing to upgrade here.' })
    if (route?.upgrade && !refusal) route.handle(request, socket, head)
    else refuseUpgrade(socket, refusal?.status ?? 403)
  })
  // The engine starts with the host, so that unfinished runs go on before any window is open.
  const warm = supervisor.connect().then((socket) => socket.destroy())
  await warm.catch(async (error: unknown) => {
    await closeServer(server, sockets)
    throw error
  })
  return {
    url: `http://127.0.0.1:${port}/#token=${guard.token}`,
    port,
    routes,
    supervisor,
    close: async () => {
      await closeServer(server, sockets)
      await supervisor.close()
    },
  }
}

interface Site {
  readonly guard: RequestGuard
  readonly routes: readonly Route[]
  readonly files: StaticFiles
}

/** Everything under /api/. */
function apiRoutes(guard: RequestGuard, sockets: WebSocketServer, supervisor: EngineSupervisor): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/api/session',
      needs: 'token',
      handle: async (request, response) => {
        if (!guard.isToken(await readToken(request))) {
          end(response, 401, 'The token is not valid. Open the address that "switchyard serve" printed.')
          return
        }
        response.setHeader('set-cookie', guard.setCookie)
        end(response, 204)
      },
    },
    { method: 'GET', path: '/api/session', needs: 'session', handle: async (_request, response) => end(response, 204) },
    {
      method: 'GET',
      path: '/api/socket',
      needs: 'session',
      upgrade: true,
      handle: (request, socket, head) => {
        sockets.handleUpgrade(request, socket, head, (page) => relaySocket(page, () => supervisor.connect()))
      },
    },
  ]
}

async function respond(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (!path.startsWith(apiPrefix)) return respondStatic(path, request, response, site)
  response.setHeader('cache-control', 'no-store')
  const route = findRoute(site.routes, request, false)
  const refusal = route ? refuse(site.guard, route, request) : refuseStranger(site.guard, request)
  if (refusal) {
    end(response, refusal.status, refusal.message)
    return
  }
  if (!route || route.upgrade) {
    end(response, 404, 'There is no such address.')
    return
  }
  await route.handle(request, response)
}

async function respondStatic(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  { guard, files }: Site,
): Promise<void> {
  const refusal = refuseStranger(guard, request)
  if (refusal) {
    end(response, refusal.status, refusal.message)
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    end(response, 405, 'Only GET is answered here.')
    return
  }
  const file = await files.find(path)
  if (!file) {
    end(response, 404, 'There is no such page.')
    return
  }
  response.setHeader('content-type', file.type)
  response.setHeader('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  response.setHeader('content-length', file.body.byteLength)
  response.end(request.method === 'HEAD' ? undefined : file.body)
}

/** What needs no session is refused to other hosts and pages all the same: they learn not even that it is there. */
function refuseStranger(guard: RequestGuard, request: IncomingMessage): Refusal | undefined {
  return guard.checkHost(request) ?? guard.checkOrigin(request, false)
}

function end(response: ServerResponse, status: number, message?: string): void {
  response.statusCode = status
  if (message !== undefined) response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(message)
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** The `token` of a small JSON body; undefined for anything else. */
async function readToken(request: IncomingMessage): Promise<unknown> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return undefined
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > longestBody) return undefined
  }
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined
  } catch {
    return undefined // no JSON: refused as a wrong token
  }
}

async function listen(server: Server, wanted: number | undefined): Promise<number> {
  const candidates = wanted === undefined ? Array.from({ length: portsTried }, (_, i) => defaultPort + i) : [wanted]
  for (const candidate of candidates) {
    const port = await tryListen(server, candidate)
    if (port !== undefined) return port
  }
  throw new NodeFailure(
    'port-taken',
    `Port ${wanted ?? defaultPort} is in use. Choose another one with --port, or --port 0 for any.`,
  )
}

function tryListen(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(new NodeFailure('port-taken', `Port ${port} cannot be used: ${error.message}`))
    }
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : undefined)
    })
  })
}

async function closeServer(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const page of sockets.clients) page.terminate()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
