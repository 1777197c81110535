import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Json } from '../../model/json.ts'
import { content, json, startHttpServer } from '../../tests/support/httpServer.ts'
import { openLocalRuns, type LocalRuns } from '../../tests/support/localRuns.ts'
import { boom, code, ret, set, start, when } from '../../tests/support/shortNodes.ts'

// Real processes and a real disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 30_000 })

let runs: LocalRuns

beforeEach(async () => {
  runs = await openLocalRuns()
})

afterEach(() => runs[Symbol.asyncDispose]())

describe('a run', () => {
  it('fetches, decides and writes a file, with every step in the journal', async () => {
    await using server = await startHttpServer({ '/users': json({ users: ['ada'] }) })
    const nodes = {
      start,
      fetch: { kind: 'http', data: { url: '{{ input.url }}' } },
      check: when('{{ prev.body.users.length > 0 }}'),
      save: {
        kind: 'write-file',
        data: { path: 'out.json', content: '{{ nodes.fetch.output.body }}', mode: 'overwrite' },
      },
      empty: ret('nobody'),
    }
    const edges = ['start -> fetch', 'fetch -> check', 'check:true -> save', 'check:false -> empty']
    const result = await runs.run(nodes, edges, { input: { url: `${server.url}/users` } })
    expect(result).toMatchObject({ status: 'completed', output: { path: 'out.json' } })
    expect(JSON.parse(await readFile(runs.folder.at('out.json'), 'utf8'))).toEqual({ users: ['ada'] })
    expect(result.events.map((event) => [event.type, 'node' in event ? event.node : ''].join(' ').trim())).toEqual([
      'run.started',
      'node.started start',
      'node.finished start',
      'node.started fetch',
      'effect.intended fetch',
      'node.finished fetch',
      'node.started check',
      'node.finished check',
      'node.skipped empty',
      'node.started save',
      'effect.intended save',
      'node.finished save',
      'run.finished',
    ])
    expect(result.events.map((event) => event.seq)).toEqual(result.events.map((_, i) => i + 1))
  })

  it('fails with the failure of a node that nothing takes up', async () => {
    const result = await runs.run({ start, b: boom(), after: set({}) }, ['start -> b', 'b -> after'])
    expect(result).toMatchObject({
      status: 'failed',
      output: null,
      error: { code: 'expression-failed', message: 'boom', node: 'b' },
    })
    expect(runs.host.listRuns()).toMatchObject([{ status: 'failed', error: { node: 'b' } }])
  })

  it('ends as failed, with the stack, where the engine itself is at fault', async () => {
    const { machine, text } = runs.compile({ start, a: set({}) }, ['start -> a'])
    const { switchyard } = machine.meta
    const nodes = Object.fromEntries(Object.entries(switchyard.nodes).filter(([id]) => id !== 'a'))
    const broken = { ...machine, meta: { ...machine.meta, switchyard: { ...switchyard, nodes } } }
    const runId = await runs.host.startRun({ machine: broken, flowPath: 'case.flow.json', flowText: text, input: {} })
    const { status, error } = await runs.host.settled(runId)
    expect([status, error?.code, JSON.stringify(error?.details)]).toEqual([
      'failed',
      'internal-error',
      expect.stringContaining('at ') as unknown,
    ])
    expect(runs.host.listRuns()).toMatchObject([{ status: 'failed' }])
  })

  it('ends as failed where a value nests without end, and does not begin with one', async () => {
    const text = '['.repeat(30_000) + ']'.repeat(30_000)
    const deep = JSON.parse(text) as Json
    await using server = await startHttpServer({ '/deep': content('application/json', text) })
    await expect(runs.start({ start }, [], { input: { deep } })).rejects.toMatchObject({ code: 'value-too-deep' })
    expect(runs.host.listRuns()).toEqual([])
    const fetch = { kind: 'http', data: { url: `${server.url}/deep` } }
    const result = await runs.run({ start, fetch }, ['start -> fetch'])
    expect(result).toMatchObject({ status: 'failed', error: { code: 'value-too-deep' } })
  })

  it('sums in a loop', async () => {
    const nodes = {
      start,
      add: { kind: 'set-variable', data: { name: 'n', value: '{{ (vars.n ?? 0) + nodes.add.visits }}' } },
      more: when('{{ nodes.add.visits < 4 }}'),
      done: ret('{{ vars.n }}'),
    }
    const result = await runs.run(nodes, ['start -> add', 'add -> more', 'more:true -> add', 'more:false -> done'])
    expect(result).toMatchObject({ status: 'completed', output: 10 })
  })

  it('joins parallel branches by node id', async () => {
    const nodes = { start, a: set({ v: 1 }), b: code('return prev.x'), join: ret('{{ prev }}') }
    const result = await runs.run(nodes, ['start -> a', 'start -> b', 'a -> join', 'b -> join'], { input: { x: 'ix' } })
    expect(result.output).toEqual({ a: { v: 1 }, b: 'ix' })
  })
})
