import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { json, startHttpServer } from '../../tests/support/httpServer.ts'
import { openEngine, type EngineHarness } from '../../tests/support/engineHarness.ts'
import { startScriptedModel } from '../../tests/support/openaiServer.ts'

let engine: EngineHarness

beforeEach(async () => {
  engine = await openEngine()
})
afterEach(() => engine.close())

async function configure(baseURL: string, key?: { name: string; value: string; hosts?: string[] }): Promise<void> {
  await engine.request('settings.set', {
    settings: { providers: { mine: { baseURL, ...(key && { apiKey: { $secret: key.name } }) } } },
  })
  if (key) await engine.request('secret.set', key)
}

describe('testing a provider', () => {
  it('lists the models of one that answers, and misses the one asked for', async () => {
    await using server = await startScriptedModel([], ['small', 'large'])
    await configure(server.baseURL)
    expect(await engine.request('provider.test', { provider: 'mine' })).toEqual({
      ok: true,
      message: '"mine" answers: 2 models.',
      models: ['large', 'small'],
    })
    expect(await engine.request('provider.test', { provider: 'mine', model: 'huge' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('no model "huge"') as string,
    })
  })

  it('sends the key to the hosts it is bound to, and to no other', async () => {
    await using server = await startHttpServer({ '/v1/models': json({ data: [] }) })
    await configure(`${server.url}/v1`, { name: 'k', value: 'key-1', hosts: ['127.0.0.1'] })
    expect(await engine.request('provider.test', { provider: 'mine' })).toMatchObject({ ok: true })
    await configure(`${server.url}/v1`, { name: 'k', value: 'key-1', hosts: ['api.example.com'] })
    const refused = await engine.request('provider.test', { provider: 'mine' })
    expect([refused.ok, refused.message.includes('key-1')]).toEqual([false, false])
    expect(server.seen.map(({ headers }) => headers['authorization'])).toEqual(['Bearer key-1'])
  })

  it.each([
    [401, 'refuses the key'],
    [404, 'does not exist'],
    [500, 'status 500'],
  ])('explains status %i', async (status, words) => {
    await using server = await startHttpServer({ '/v1/models': json({}, status) })
    await configure(`${server.url}/v1`)
    expect(await engine.request('provider.test', { provider: 'mine' })).toMatchObject({
      ok: false,
      message: expect.stringContaining(words) as string,
    })
  })

  it('explains what does not answer, is unknown, or has no key', async () => {
    await configure('http://127.0.0.1:9/v1')
    expect((await engine.request('provider.test', { provider: 'mine' })).message).toContain('127.0.0.1:9')
    expect((await engine.request('provider.test', { provider: 'other' })).message).toContain('no provider "other"')
    expect((await engine.request('provider.test', { provider: 'openai' })).message).toContain('OPENAI_API_KEY')
  })
})
