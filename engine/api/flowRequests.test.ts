import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEngine, type EngineHarness } from '../../tests/support/engineHarness.ts'

let engine: EngineHarness

beforeEach(async () => {
  engine = await openEngine({ HOME: '/home/canary' })
})
afterEach(() => engine.close())

const text = JSON.stringify({
  format: 'switchyard.flow/1',
  name: 'Sums',
  env: ['HOME'],
  inputs: {
    type: 'object',
    properties: {
      n: { type: 'integer' },
      more: { type: 'object', properties: { unit: { type: 'string', default: 'm' } }, default: {} },
    },
    required: ['n'],
  },
  nodes: {
    start: { kind: 'start' },
    sum: { kind: 'set', data: { values: { total: '{{ input.n + 1 }}', unit: '{{ input.more.unit }}' } } },
    done: { kind: 'return', data: { value: '{{ nodes.sum.output }}' } },
  },
  edges: ['start -> sum', 'sum -> done'],
})
const flow = { path: 'sums.flow.json', text }

async function run(): Promise<string> {
  const started = await engine.request('run.start', { flow, input: { n: 1 }, trust: true })
  if (!('runId' in started)) throw new Error(JSON.stringify(started))
  await engine.request('run.settled', started)
  return started.runId
}

describe('questions about a flow', () => {
  it('are answered with the revision they were asked for', async () => {
    expect(await engine.request('flow.check', { flow, revision: 7 })).toEqual({ revision: 7, diagnostics: [] })
    const bad = await engine.request('flow.check', { flow: { ...flow, text: '{' }, revision: 8 })
    expect(bad).toMatchObject({ revision: 8, diagnostics: [{ code: 'bad-json' }] })
  })

  it.each(['json', 'ts', 'mermaid'] as const)('give its machine as %s', async (format) => {
    const compiled = await engine.request('flow.compile', { flow, format })
    expect([compiled.text.includes('sum'), compiled.diagnostics]).toEqual([true, []])
  })
})

describe('a preview of an expression', () => {
  const preview = (template: string, node = 'done', runId?: string) =>
    engine.request('expression.preview', { flow, node, template, ...(runId !== undefined && { runId }) })

  it('reads the last values of a run', async () => {
    const runId = await run()
    expect(await preview('{{ nodes.sum.output.total }}', 'done', runId)).toEqual({ value: 2 })
    expect(await preview('{{ prev.total * 10 }} of {{ run.id }}', 'done', runId)).toEqual({ value: `20 of ${runId}` })
    expect(await preview('{{ prev }}', 'start', runId)).toEqual({ value: { n: 1, more: { unit: 'm' } } })
  })

  it('says what fails, and never reads the environment', async () => {
    expect(await preview('{{ nodes.sum.output.total }}')).toMatchObject({ error: { code: 'expression-failed' } })
    expect(await preview('{{ env.HOME }}')).toEqual({ value: null })
    expect(await preview('{{ Object.keys(globalThis).includes("process") }}')).toEqual({ value: false })
  })
})

describe('the input of a run', () => {
  it('gets the defaults of its schema, of nested objects too', async () => {
    const { events } = await engine.request('run.open', { runId: await run() })
    expect(events[0]).toMatchObject({ type: 'run.started', input: { n: 1, more: { unit: 'm' } } })
  })

  it.each([
    [{}, 'Input "n" is missing.', 'input.n'],
    [{ n: 'one' }, 'Input "n" does not fit', 'input.n'],
    [{ n: 1, more: { unit: 5 } }, 'Input "more.unit" does not fit', 'input.more.unit'],
  ])('is refused where it does not fit: %j', async (input, words, field) => {
    const refused = await engine.request('run.start', { flow, input, trust: true })
    expect(refused).toMatchObject({
      diagnostics: [{ code: 'bad-input', field, message: expect.stringContaining(words) as string }],
    })
    expect(await engine.request('run.list', {})).toEqual({ runs: [] })
  })
})

describe('a template', () => {
  it('is copied into the workspace, trusted, and never over what is there', async () => {
    const { templates } = await engine.request('template.list', {})
    const [first] = templates
    if (!first) throw new Error('no templates are shipped')
    const { path } = await engine.request('template.create', { name: first.name, folder: 'mine' })
    expect(path).toBe(`mine/${first.name}.flow.json`)
    expect((await engine.request('trust.get', { flow: { path } })).trusted).toBe(true)
    await expect(engine.request('template.create', { name: first.name, folder: 'mine' })).rejects.toMatchObject({
      code: 'file-exists',
    })
  })
})
