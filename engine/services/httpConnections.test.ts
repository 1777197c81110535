import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { memoryBlobs } from '../../tests/support/memoryBlobs.ts'
import { HttpConnections, withoutProxyOnThisMachine } from './httpConnections.ts'
import { createHttpService } from './httpService.ts'
import { readSecretsFrom } from './secretReader.ts'

/** A certificate that signs itself, made for these tests, valid for a hundred years. */
const tls = join(import.meta.dirname, '../../tests/support/tls')
const server = createServer(
  { cert: readFileSync(join(tls, 'server.pem')), key: readFileSync(join(tls, 'server.key')) },
  (_request, response) => {
    response.end('safe')
  },
)
let url = ''
const connections = new HttpConnections()

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterEach(() => connections.close())
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function fetchText(caFile?: string): Promise<string> {
  const rules = async () => ({ allowPrivateNetwork: true, ...(caFile === undefined ? {} : { caFile }) })
  const http = createHttpService({
    connections,
    rules,
    secrets: readSecretsFrom({ get: async () => undefined }),
    blobs: memoryBlobs(),
  })
  const answer = await http.request({ method: 'GET', url, headers: {} }, new AbortController().signal)
  return Buffer.from(answer.body).toString()
}

it('trusts a certificate of an authority that the settings name, and no other', async () => {
  await expect(fetchText()).rejects.toMatchObject({
    code: 'http-network',
    retryable: false,
    message: expect.stringContaining('certificate') as unknown,
  })
  expect(await fetchText(join(tls, 'server.pem'))).toBe('safe')
  await expect(fetchText()).rejects.toMatchObject({ code: 'http-network' })
})

it('says that the file of authorities cannot be read, and looks again the next time', async () => {
  await expect(fetchText(join(tls, 'none.pem'))).rejects.toMatchObject({ code: 'http-ca-file' })
  await expect(fetchText(join(tls, 'none.pem'))).rejects.toMatchObject({ code: 'http-ca-file' })
})

it('reaches this machine without the proxy', () => {
  const rules = { allowPrivateNetwork: true, proxy: 'http://proxy.test:3128' }
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'app.localhost'])
    expect(withoutProxyOnThisMachine(rules, host)).toEqual({ allowPrivateNetwork: true })
  for (const host of ['example.com', '10.0.0.1', 'localhost.example.com'])
    expect(withoutProxyOnThisMachine(rules, host)).toEqual(rules)
})
