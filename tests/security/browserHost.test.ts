import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { listenOnSocket, type EngineSocket } from '../../engine/api/engineSocket.ts'
import { serve, type BrowserHost } from '../../engine/serve.ts'
import { openEngine, type EngineHarness } from '../support/engineHarness.ts'

let engine: EngineHarness
let socket: EngineSocket
let host: BrowserHost
let token: string
let cookie: string

beforeAll(async () => {
  engine = await openEngine()
  socket = await listenOnSocket(engine.engine, engine.workspace)
  const pageFolder = await mkdtemp(join(tmpdir(), 'switchyard-page-'))
  await writeFile(join(pageFolder, 'index.html'), '<!doctype html><title>page</title>')
  host = await serve({ workspace: engine.workspace, port: 0, pageFolder })
  token = new URL(host.url).hash.slice('#token='.length)
  const opened = await ask({ method: 'POST', path: '/api/session', body: { token } })
  cookie = String(opened.headers['set-cookie']?.[0]).split(';')[0] ?? ''
})

afterAll(async () => {
  await host.close()
  await socket.close()
  await engine.close()
})

interface Ask {
  method: string
  path: string
  headers?: Record<string, string>
  body?: unknown
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** A request with exactly the headers of our own page, unless told otherwise. An empty header is left out. */
function ask({ method, path, headers = {}, body }: Ask): Promise<Answer> {
  const own = {
    host: `127.0.0.1:${host.port}`,
    origin: `http://127.0.0.1:${host.port}`,
    'content-type': 'application/json',
  }
  const sent = Object.fromEntries(Object.entries({ ...own, ...headers }).filter(([, value]) => value !== ''))
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: host.port, method, path, headers: sent, setHost: false },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      },
    )
    request.on('upgrade', (response, upgraded) => {
      upgraded.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '' })
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** Every route of the table, asked as our own page would, then with one thing changed. */
async function askEveryRoute(changed: Record<string, string>, body: unknown = { token }): Promise<[string, number][]> {
  const answers = host.routes.map(async (route): Promise<[string, number]> => {
    const upgrade = route.upgrade
      ? {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        }
      : {}
    const { status } = await ask({
      method: route.method,
      path: route.path,
      headers: { cookie, ...upgrade, ...changed },
      ...(route.method === 'POST' && { body }),
    })
    return [`${route.method} ${route.path}${route.upgrade ? ' (upgrade)' : ''}`, status]
  })
  return Promise.all(answers)
}

describe('every route of the API', () => {
  it('answers the page of this host', async () => {
    const statuses = await askEveryRoute({})
    expect(statuses.length).toBeGreaterThanOrEqual(3)
    expect(statuses.filter(([, status]) => status !== 204 && status !== 101)).toEqual([])
  })

  it.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['a rebound Host with our port', { host: 'evil.example:4317' }],
    ['no Host', { host: '' }],
    ['the Host of another port', { host: '127.0.0.1:1' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['the Origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['an opaque Origin', { origin: 'null' }],
    ['an Origin that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
  ])('refuses %s', async (_name, changed) => {
    for (const [route, status] of await askEveryRoute(changed)) expect([route, status >= 400]).toEqual([route, true])
  })

  it('refuses a missing Origin where a page of ours always sends one', async () => {
    const statuses = new Map(await askEveryRoute({ origin: '' }))
    expect(statuses.get('POST /api/session')).toBe(403)
    expect(statuses.get('GET /api/socket (upgrade)')).toBe(403)
  })

  it('refuses a wrong or missing cookie wherever a session is needed', async () => {
    for (const changed of [
      '',
      'switchyard=1',
      `${cookie}x`,
      cookie.replace(/=.*/, '='),
      cookie.replace(/_\d+/, '_1'),
    ]) {
      const needing = host.routes.filter((route) => route.needs === 'session').map((route) => route.path)
      const statuses = (await askEveryRoute({ cookie: changed })).filter(([route]) => !route.startsWith('POST'))
      expect(statuses.map(([, status]) => status)).toEqual(needing.map(() => 401))
    }
  })

  it('refuses a wrong token, in whatever form', async () => {
    for (const body of [
      { token: `${token}x` },
      { token: '' },
      { token: null },
      { token: [token] },
      {},
      [],
      'text',
      { token: token.slice(0, -1) },
    ]) {
      expect((await ask({ method: 'POST', path: '/api/session', body })).status).toBe(401)
    }
    const form = await ask({
      method: 'POST',
      path: '/api/session',
      headers: { 'content-type': 'text/plain' },
      body: { token },
    })
    expect(form.status).toBe(401)
  })

  it('never takes the token from an address or as a cookie', async () => {
    const inQuery = await ask({ method: 'GET', path: `/api/session?token=${token}`, headers: { cookie: '' } })
    expect(inQuery.status).toBe(401)
    const asCookie = await ask({
      method: 'GET',
      path: '/api/session',
      headers: { cookie: `${cookie.split('=')[0] ?? ''}=${token}` },
    })
    expect(asCookie.status).toBe(401)
  })

  it.each(['/api', '/api/', '/api/session/', '/api//session', '/API/session', '/api/../api/socket', '/api/%73ession'])(
    'has nothing at %s',
    async (path) => {
      const { status } = await ask({ method: 'GET', path, headers: { cookie } })
      expect([401, 404]).toContain(status)
    },
  )
})

describe('the page', () => {
  it('needs no session, holds no token and sets the policy', async () => {
    const { status, headers, text } = await ask({ method: 'GET', path: '/', headers: { cookie: '', origin: '' } })
    expect(status).toBe(200)
    expect(text).not.toContain(token)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain(`default-src 'none'`)
    expect(policy).toContain(`frame-ancestors 'none'`)
    expect(policy).not.toContain('unsafe-eval')
    expect(/script-src[^;]*/.exec(policy)?.[0]).toBe(`script-src 'self'`)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/..\\package.json',
    '//etc/passwd',
    '/assets/../../package.json',
    '/index.html/..',
    '/.',
  ])('gives no file for %s', async (path) => {
    expect((await ask({ method: 'GET', path })).status).toBe(404)
  })

  it('is not given to a foreign Host, nor to a page of another origin', async () => {
    for (const path of ['/', '/index.html', '/nothing']) {
      expect((await ask({ method: 'GET', path, headers: { host: 'evil.example' } })).status).toBe(421)
      expect((await ask({ method: 'GET', path, headers: { origin: 'http://evil.example' } })).status).toBe(403)
    }
  })

  it('sets a cookie that scripts cannot read and other sites do not send', async () => {
    const { headers } = await ask({ method: 'POST', path: '/api/session', body: { token } })
    const set = String(headers['set-cookie']?.[0])
    expect(set).toMatch(new RegExp(`^switchyard_${host.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`))
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  })
})

describe('the socket', () => {
  const connect = (): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${host.port}/api/socket`, {
      headers: { cookie, origin: `http://127.0.0.1:${host.port}` },
    })

  it('relays requests and answers', async () => {
    const page = connect()
    const answer = new Promise<string>((resolve) => page.on('message', (data: Buffer) => resolve(data.toString())))
    page.on('open', () => page.send(JSON.stringify({ id: 7, method: 'engine.hello', params: { protocol: 1 } })))
    expect(JSON.parse(await answer)).toMatchObject({ id: 7, result: { protocol: 1, workspace: engine.workspace.root } })
    page.close()
  })

  it.each([
    ['a frame that would be two messages', '{"id":1}\n{"id":2}'],
    ['a binary frame', Buffer.from('{"id":1}')],
  ])('closes on %s', async (_name, frame) => {
    const page = connect()
    const code = new Promise<number>((resolve) => page.on('close', resolve))
    page.on('open', () => page.send(frame))
    expect(await code).toBe(1003)
  })
})
