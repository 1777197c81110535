import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../model/json.ts'
import { openEngine, type EngineHarness } from '../../tests/support/engineHarness.ts'

let engine: EngineHarness

beforeEach(async () => {
  engine = await openEngine()
})
afterEach(() => engine.close())

const echo = JSON.stringify({
  format: 'switchyard.flow/1',
  name: 'Echo',
  nodes: { start: { kind: 'start' }, done: { kind: 'return', data: { value: '{{ input.value }}' } } },
  edges: ['start -> done'],
})

async function outputsOf(value: Json): Promise<{ preview: Json; full: Json; settled: Json }> {
  const started = await engine.request('run.start', { flow: { path: 'echo.flow.json', text: echo }, input: { value } })
  if (!('runId' in started)) throw new Error('refused')
  const { output: settled } = await engine.request('run.settled', started)
  const short = await engine.request('run.open', started)
  const full = await engine.request('run.open', { ...started, full: true })
  const outputIn = ({ events }: typeof short): Json => {
    const last = events.at(-1)
    return last?.type === 'run.finished' ? last.output : null
  }
  return { preview: outputIn(short), full: outputIn(full), settled }
}

async function readAll(preview: Json): Promise<Json> {
  if (!isJsonObject(preview) || typeof preview['$blob'] !== 'string')
    throw new Error(`no preview: ${JSON.stringify(preview).slice(0, 200)}`)
  const { text } = await engine.request('value.read', { hash: preview['$blob'] })
  return JSON.parse(text) as Json
}

describe('values in events', () => {
  it('travel as they are while they are small', async () => {
    const value = { text: 'x'.repeat(4000), list: [1, 2, 3] }
    expect((await outputsOf(value)).preview).toEqual(value)
  })

  it('keep their shape, with long texts shortened and readable in whole', async () => {
    const body = 'long '.repeat(8000)
    const { preview, full, settled } = await outputsOf({ status: 200, body })
    expect(preview).toMatchObject({ status: 200, body: { type: 'string', size: body.length + 2 } })
    expect(isJsonObject(preview) && (await readAll(preview['body'] ?? null))).toBe(body)
    expect([full, settled]).toEqual([
      { status: 200, body },
      { status: 200, body },
    ])
  })

  it('become one preview where many small parts are large together', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ id: i, name: `row ${i}` }))
    const { preview } = await outputsOf(rows)
    expect(preview).toMatchObject({ type: 'array', preview: expect.stringContaining('"row 0"') as string })
    expect(await readAll(preview)).toEqual(rows)
  })

  it('can be read in pieces', async () => {
    const { preview } = await outputsOf('abc'.repeat(10_000))
    if (!isJsonObject(preview)) throw new Error('no preview')
    const read = await engine.request('value.read', { hash: String(preview['$blob']), offset: 1, length: 6 })
    expect(read).toEqual({ text: 'abcabc', size: 30_002 })
  })

  it('that are not there any more are said to be missing', async () => {
    expect(await engine.send({ id: 9, method: 'value.read', params: { hash: 'f'.repeat(64) } })).toMatchObject({
      error: { code: 'value-missing' },
    })
  })

  it('reach a client once each, in order, and only of runs it opened', async () => {
    const started = await engine.request('run.start', {
      flow: { path: 'echo.flow.json', text: echo },
      input: { value: 1 },
    })
    if (!('runId' in started)) throw new Error('refused')
    const { events } = await engine.request('run.open', started)
    await engine.request('run.settled', started)
    const other = await engine.request('run.start', {
      flow: { path: 'echo.flow.json', text: echo },
      input: { value: 2 },
    })
    if (!('runId' in other)) throw new Error('refused')
    await engine.request('run.settled', other)
    const later = engine.notifications.flatMap((each) => (each.event === 'run.events' ? each.params.events : []))
    const seen = [...events, ...later]
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_event, i) => i + 1))
    expect(new Set(seen.map(({ runId }) => runId))).toEqual(new Set([started.runId]))
    expect(seen.at(-1)?.type).toBe('run.finished')
  })
})
