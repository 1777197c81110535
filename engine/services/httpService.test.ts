import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { gate } from '../../tests/support/gate.ts'
import { content, json, startHttpServer, type Handler, type TestServer } from '../../tests/support/httpServer.ts'
import { memoryBlobs } from '../../tests/support/memoryBlobs.ts'
import type { HttpRequest } from '../sdk/services.ts'
import { HttpConnections } from './httpConnections.ts'
import { createHttpService, type HttpServiceOptions } from './httpService.ts'
import { readSecretsFrom } from './secretReader.ts'

const connections = new HttpConnections()
const servers: TestServer[] = []

afterEach(async () => {
  await connections.close()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function serve(routes: Record<string, Handler>): Promise<TestServer> {
  const server = await startHttpServer(routes)
  servers.push(server)
  return server
}

const vault = new Map([
  ['token', { value: 'canary-4711', hosts: [] as string[] }],
  ['bound', { value: 'canary-bound', hosts: ['api.example.com'] }],
])

function service(options: Partial<HttpServiceOptions> & { allowPrivateNetwork?: boolean } = {}) {
  return createHttpService({
    connections,
    rules: async () => ({ allowPrivateNetwork: options.allowPrivateNetwork ?? true }),
    secrets: readSecretsFrom({ get: async (name) => vault.get(name) }),
    blobs: memoryBlobs(),
    ...options,
  })
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  ...more,
})
const calm = new AbortController().signal
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

describe('the HTTP service', () => {
  it('sends method, encoded query, headers and JSON body, and gives back status, headers and bytes', async () => {
    const server = await serve({ 'POST /items': json({ id: 7 }, 201) })
    const request: HttpRequest = {
      method: 'POST',
      url: `${server.url}/items?a=1`,
      query: [['q', 'x y&z']],
      headers: { 'X-Mark': 'm' },
      body: { json: { n: 1 } },
    }
    const answer = await service().request(request, calm)
    expect([answer.status, answer.headers['content-type'], text(answer.body)]).toEqual([
      201,
      'application/json',
      '{"id":7}',
    ])
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/items?a=1&q=x+y%26z',
      body: '{"n":1}',
      headers: { 'x-mark': 'm' },
    })
  })

  it('decompresses answers', async () => {
    const server = await serve({
      '/zip': (_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed'))
      },
    })
    expect(text((await service().request(get(`${server.url}/zip`), calm)).body)).toBe('packed')
  })

  it('refuses this machine and private networks unless granted, and metadata addresses always', async () => {
    const server = await serve({ '/': json(1) })
    const closed = service({ allowPrivateNetwork: false })
    await expect(closed.request(get(server.url), calm)).rejects.toMatchObject({
      code: 'http-refused-address',
      retryable: false,
    })
    await expect(closed.request(get(server.url.replace('127.0.0.1', 'localhost')), calm)).rejects.toMatchObject({
      code: 'http-refused-address',
    })
    await expect(service().request(get('http://169.254.169.254/latest/meta-data'), calm)).rejects.toMatchObject({
      code: 'http-refused-address',
    })
    await expect(service().request(get('http://[::ffff:169.254.169.254]/'), calm)).rejects.toMatchObject({
      code: 'http-refused-address',
    })
    expect(server.seen).toEqual([])
  })

  it('judges the very address it connects to, so that a name cannot change it meanwhile', async () => {
    const server = await serve({ '/': json(1) })
    const answers = ['203.0.113.9', '127.0.0.1', '169.254.169.254']
    const rebinding = new HttpConnections((_hostname, _options, callback) => {
      const address = answers.shift() ?? '127.0.0.1'
      callback(null, [
        { address: '93.184.216.34', family: 4 },
        { address, family: 4 },
      ])
    })
    const url = server.url.replace('127.0.0.1', 'rebind.test')
    for (const allowPrivateNetwork of [false, false, true]) {
      const http = service({ connections: rebinding, allowPrivateNetwork })
      await expect(http.request(get(url), calm)).rejects.toMatchObject({ code: 'http-refused-address' })
    }
    await rebinding.close()
    expect([answers, server.seen]).toEqual([[], []])
  })

  it('judges the address of every hop of a redirect', async () => {
    const server = await serve({
      '/go': (_request, response) => {
        response.writeHead(302, { location: 'http://169.254.169.254/secret' }).end()
      },
    })
    await expect(service().request(get(`${server.url}/go`), calm)).rejects.toMatchObject({
      code: 'http-refused-address',
    })
  })

  it('follows redirects, turns POST into GET after 302, and leaves secrets behind at another origin', async () => {
    const other = await serve({ '/end': json('there') })
    const server = await serve({
      '/go': (_request, response) => {
        response.writeHead(302, { location: `${other.url}/end` }).end()
      },
    })
    const headers = { 'x-api-key': { $secret: 'token' }, 'x-plain': 'kept' }
    const answer = await service().request({ method: 'POST', url: `${server.url}/go`, headers, body: 'x' }, calm)
    expect(text(answer.body)).toBe('"there"')
    expect(server.seen[0]?.headers['x-api-key']).toBe('canary-4711')
    expect(other.seen[0]).toMatchObject({ method: 'GET', body: '', headers: { 'x-plain': 'kept' } })
    expect(other.seen[0]?.headers['x-api-key']).toBeUndefined()
  })

  it('does not follow a redirect that would take a secret in the body to another origin', async () => {
    const other = await serve({ '/end': json('there') })
    const server = await serve({
      '/go': (_request, response) => {
        response.writeHead(307, { location: `${other.url}/end` }).end()
      },
    })
    const request: HttpRequest = {
      method: 'POST',
      url: `${server.url}/go`,
      headers: {},
      body: { json: { key: { $secret: 'token' } } },
    }
    await expect(service().request(request, calm)).rejects.toMatchObject({ code: 'http-redirects' })
    expect(other.seen).toEqual([])
  })

  it('gives up on redirects that go in circles', async () => {
    const server = await serve({
      '/loop': (_request, response) => {
        response.writeHead(307, { location: '/loop' }).end()
      },
    })
    await expect(service().request(get(`${server.url}/loop`), calm)).rejects.toMatchObject({ code: 'http-redirects' })
  })

  it('fills secrets in at sending and keeps them out of what comes back', async () => {
    const server = await serve({
      '/echo': (request, response) => {
        response
          .writeHead(200, { 'x-seen': request.headers['authorization'] ?? '' })
          .end(`${request.headers['authorization']} ${request.body}`)
      },
    })
    const headers = { authorization: { $secret: 'token', prefix: 'Bearer ' } }
    const answer = await service().request(
      { method: 'PUT', url: `${server.url}/echo`, headers, body: { json: { key: { $secret: 'token' } } } },
      calm,
    )
    expect(server.seen[0]).toMatchObject({
      headers: { authorization: 'Bearer canary-4711' },
      body: '{"key":"canary-4711"}',
    })
    expect(text(answer.body)).toBe('Bearer [secret token] {"key":"[secret token]"}')
    expect(answer.headers['x-seen']).toBe('Bearer [secret token]')
  })

  it('refuses to send a secret to a host it is not bound to', async () => {
    const server = await serve({ '/': json(1) })
    const request = get(server.url, { headers: { authorization: { $secret: 'bound' } } })
    await expect(service().request(request, calm)).rejects.toMatchObject({ code: 'secret-refused' })
    await expect(
      service().request(get(server.url, { query: [['k', { $secret: 'none' }]] }), calm),
    ).rejects.toMatchObject({ code: 'secret-missing' })
    expect(server.seen).toEqual([])
  })

  it('stops reading an endless answer', async () => {
    const server = await serve({
      '/endless': (_request, response) => {
        const chunk = Buffer.alloc(64 * 1024)
        const more = (): void => {
          while (!response.destroyed && response.write(chunk)) continue
          response.once('drain', more)
        }
        more()
      },
    })
    await expect(service({ maxBodyBytes: 200_000 }).request(get(`${server.url}/endless`), calm)).rejects.toMatchObject({
      code: 'http-too-large',
    })
  })

  it('fails retryably where nothing listens, or the connection is cut', async () => {
    const server = await serve({ '/cut': (_request, response) => void response.socket?.destroy() })
    await expect(service().request(get(`${server.url}/cut`), calm)).rejects.toMatchObject({
      code: 'http-network',
      retryable: true,
    })
    await server.close()
    await expect(service().request(get(server.url), calm)).rejects.toMatchObject({
      code: 'http-network',
      retryable: true,
    })
  })

  it('rejects with the signal’s reason when aborted, and says what is no web address', async () => {
    const arrived = gate<undefined>()
    const server = await serve({ '/hang': () => arrived.open(undefined) })
    const controller = new AbortController()
    const pending = service().request(get(`${server.url}/hang`), controller.signal)
    await arrived.opened
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
    await expect(service().request(get('file:///etc/passwd'), calm)).rejects.toMatchObject({ code: 'http-bad-url' })
  })

  it('goes through a proxy, and there too refuses what may not be reached', async () => {
    const proxy = await serve({ 'http://198.51.100.7/page': json('unused') })
    const through = service({ rules: async () => ({ allowPrivateNetwork: false, proxy: proxy.url }) })
    const answer = await through.request(get('http://203.0.113.9/page'), calm).catch((error: unknown) => error)
    expect(answer).toMatchObject({ code: 'http-refused-address' })
    const open = service({ rules: async () => ({ allowPrivateNetwork: true, proxy: proxy.url }) })
    expect((await open.request(get('http://203.0.113.9/page'), calm)).status).toBe(404)
    expect(proxy.seen.map(({ path }) => path)).toEqual(['http://203.0.113.9/page'])
  })

  it('keeps a body as a blob and sends one', async () => {
    const blobs = memoryBlobs()
    const server = await serve({ '/bytes': content('image/png', Uint8Array.of(137, 0, 255)), '/up': json(1) })
    const http = service({ blobs })
    const ref = await (await http.request(get(`${server.url}/bytes`), calm)).toBlob('image/png', 'a.png')
    expect(ref).toMatchObject({ mime: 'image/png', name: 'a.png', size: 3 })
    await http.request({ method: 'PUT', url: `${server.url}/up`, headers: {}, body: { blob: ref } }, calm)
    expect(server.seen[1]?.headers['content-length']).toBe('3')
  })
})
