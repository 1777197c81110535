import { afterEach, describe, expect, it } from 'vitest'
import { HttpConnections } from '../../engine/services/httpConnections.ts'
import { createHttpService } from '../../engine/services/httpService.ts'
import { readSecretsFrom } from '../../engine/services/secretReader.ts'
import { executorCall } from '../../tests/support/executorCall.ts'
import { content, json, startHttpServer, type Handler, type TestServer } from '../../tests/support/httpServer.ts'
import { memoryBlobs } from '../../tests/support/memoryBlobs.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

const connections = new HttpConnections()
const http = createHttpService({
  connections,
  rules: async () => ({ allowPrivateNetwork: true }),
  secrets: readSecretsFrom({ get: async () => ({ value: 'canary-4711', hosts: [] }) }),
  blobs: memoryBlobs(),
})
let server: TestServer | undefined

afterEach(async () => {
  await connections.close()
  await server?.close()
})

async function serve(routes: Record<string, Handler>): Promise<string> {
  server = await startHttpServer(routes)
  return server.url
}

const send = (data: Record<string, unknown>, key?: string) =>
  execute(executorCall(data, { services: { http }, ...(key === undefined ? {} : { key }) }))

describe('http', () => {
  it('gets JSON with query and headers, and sends the effect’s key', async () => {
    const url = await serve({ '/users': json([{ id: 1 }]) })
    const { output } = await send(
      {
        url: `${url}/users`,
        query: { page: 2, tag: ['a', 'b'], none: null, deep: { x: 1 } },
        headers: { 'X-Count': 5, Skip: null },
      },
      'r1/fetch#1',
    )
    expect(output).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, body: [{ id: 1 }] })
    expect(server?.seen[0]).toMatchObject({
      method: 'GET',
      headers: { 'idempotency-key': 'r1/fetch#1', 'x-count': '5' },
    })
    expect(new URL(server?.seen[0]?.path ?? '', url).search).toBe('?page=2&tag=a&tag=b&deep=%7B%22x%22%3A1%7D')
    expect(server?.seen[0]?.headers['skip']).toBeUndefined()
  })

  it.each([
    [{ a: 1 }, '{"a":1}', 'application/json'],
    ['{"a": 1}', '{"a": 1}', 'application/json'],
    ['plain', 'plain', 'text/plain; charset=utf-8'],
    [5, '5', 'application/json'],
  ])('posts %j with the content type that fits', async (body, sent, type) => {
    const url = await serve({ '/in': json('ok') })
    await send({ method: 'post', url: `${url}/in`, body })
    expect(server?.seen[0]).toMatchObject({ method: 'POST', body: sent, headers: { 'content-type': type } })
  })

  it('lets the author’s headers win, secrets among them', async () => {
    const url = await serve({ '/in': json('ok') })
    const headers = {
      'Content-Type': 'text/csv',
      'Idempotency-Key': 'mine',
      Authorization: { $secret: 'x', prefix: 'Bearer ' },
    }
    await send({ method: 'PUT', url: `${url}/in`, headers, body: 'a,b' })
    expect(server?.seen[0]?.headers).toMatchObject({
      'content-type': 'text/csv',
      'idempotency-key': 'mine',
      authorization: 'Bearer canary-4711',
    })
  })

  it.each([
    [404, false],
    [400, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])('fails as http-%i with the answer in the details', async (status, retryable) => {
    const url = await serve({ '/x': json({ why: 'because' }, status) })
    await expect(send({ url: `${url}/x` })).rejects.toMatchObject({
      code: `http-${status}`,
      retryable,
      details: { status, body: '{"why":"because"}' },
    })
  })

  it('passes any status on where it may not fail', async () => {
    const url = await serve({ '/x': content('text/plain', 'gone', 410) })
    expect((await send({ url: `${url}/x`, failOnStatus: false })).output).toMatchObject({ status: 410, body: 'gone' })
  })

  it.each([
    ['application/problem+json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['application/json', '{broken', '{broken'],
    ['application/json', '', null],
    ['text/html', '<p>', '<p>'],
    ['text/plain; charset=iso-8859-1', Uint8Array.of(0xfc), 'ü'],
    ['application/xml', '<a/>', '<a/>'],
  ])('reads %s by its content type', async (type, body, value) => {
    const url = await serve({ '/x': content(type, body) })
    expect((await send({ url: `${url}/x` })).output).toMatchObject({ body: value })
  })

  it('keeps what is no text as a blob', async () => {
    const url = await serve({ '/a.png': content('image/png', Uint8Array.of(137, 80, 0, 255)) })
    const blob = {
      $blob: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      mime: 'image/png',
      name: 'a.png',
      size: 4,
    }
    expect((await send({ url: `${url}/a.png` })).output).toMatchObject({ body: blob })
  })

  it('reads as it is told', async () => {
    const url = await serve({ '/x': content('text/plain', '[1]') })
    const bodyAs = async (response: string) => (await send({ url: `${url}/x`, response })).output
    expect(await bodyAs('json')).toMatchObject({ body: [1] })
    expect(await bodyAs('text')).toMatchObject({ body: '[1]' })
    expect(await bodyAs('blob')).toMatchObject({ body: { size: 3, mime: 'text/plain' } })
  })

  it('fails as http-bad-json where JSON was asked for and text came', async () => {
    const url = await serve({ '/x': content('text/plain', 'hello') })
    await expect(send({ url: `${url}/x`, response: 'json' })).rejects.toMatchObject({ code: 'http-bad-json' })
  })

  it.each([
    [{ url: null }, 'data.url'],
    [{ url: ['a'] }, 'data.url'],
    [{ url: 'http://x', headers: { a: {} } }, 'data.headers.a'],
    [{ url: 'http://x', failOnStatus: 'maybe' }, 'data.failOnStatus'],
    [{ url: 'http://x', response: 'xml' }, 'data.response'],
  ])('names the setting that %j got wrong', async (data, field) => {
    await expect(send(data)).rejects.toMatchObject({ code: 'bad-setting', details: { field } })
  })

  it('may repeat only methods that do no more the second time', () => {
    const isIdempotent = spec.idempotent as (data: Record<string, unknown>) => boolean
    expect(['GET', 'head', 'PUT', 'DELETE', 'OPTIONS', undefined].map((method) => isIdempotent({ method }))).toEqual(
      Array(6).fill(true),
    )
    expect(['POST', 'PATCH', '{{ x }}'].map((method) => isIdempotent({ method }))).toEqual([false, false, false])
  })

  it('says on its card what it will do', () => {
    expect(spec.subtitle?.({ method: 'GET', url: 'https://example.com/users?page=1' })).toBe('GET example.com/users')
    expect(spec.subtitle?.({ method: 'post', url: 'https://example.com/a/long/way/down/users.json' })).toBe(
      'POST example.co…users.json',
    )
  })
})
