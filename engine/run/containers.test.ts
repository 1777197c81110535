import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { linesOf } from '../../tests/support/awaitEvent.ts'
import { testKinds } from '../../tests/support/kinds.ts'
import { openLocalRuns, type LocalRuns } from '../../tests/support/localRuns.ts'
import { boom, code, ret, set, start, when } from '../../tests/support/shortNodes.ts'
import type { Json, JsonObject } from '../../model/json.ts'

// Real processes and a real disk: slow where the machine is busy.
vi.setConfig({ testTimeout: 30_000 })

let runs: LocalRuns

beforeEach(async () => {
  const specs = ['for-each', 'loop', 'try'].flatMap((kind) => testKinds.get(kind) ?? [])
  runs = await openLocalRuns({ specs })
})

afterEach(() => runs[Symbol.asyncDispose]())

const forEach = (items: Json, more: JsonObject = {}): JsonObject => ({ kind: 'for-each', data: { items, ...more } })
const loop = (data: JsonObject): JsonObject => ({ kind: 'loop', data })
const attempt: JsonObject = { kind: 'try' }
const inside = (parent: string, node: JsonObject): JsonObject => ({ ...node, parent })
const variable = (name: string, value: string): JsonObject => ({ kind: 'set-variable', data: { name, value } })

/** Runs the flow whole, and again from every cut of its log; gives the result if all agree. */
async function runEverywhere(nodes: JsonObject, edges: readonly string[], input: JsonObject = {}) {
  const whole = await runs.run(nodes, edges, { input })
  const events = runs.store.loadEvents(whole.runId)
  expect((await runs.host.replayRun(whole.runId)).differences).toEqual([])
  for (let length = 1; length < events.length; length++) {
    const runId = `${whole.runId}-${String(length)}`
    for (const event of events.slice(0, length)) runs.store.append({ ...event, runId })
    runs.store.commit(false)
    await runs.host.resumeRun(runId)
    const { status, output, error } = await runs.host.settled(runId)
    expect([length, status, output, error?.code]).toEqual([length, whole.status, whole.output, whole.error?.code])
  }
  return whole
}

describe('for-each', () => {
  it('runs its body per item, side by side as far as allowed, and lists the results in item order', async () => {
    const nodes = {
      start,
      each: forEach('{{ input.list }}', { concurrency: 2 }),
      double: inside('each', code('return item * 2')),
      show: inside('each', set({ v: '{{ prev }}', i: '{{ index }}', outer: '{{ nodes.start.output.list.length }}' })),
      done: ret('{{ prev }}'),
    }
    const { output, events } = await runEverywhere(nodes, ['start -> each', 'double -> show', 'each -> done'], {
      list: [3, 1, 2],
    })
    expect(output).toEqual([3, 1, 2].map((item, i) => ({ v: item * 2, i, outer: 3 })))
    const places = linesOf(events, 'node.started', 'node.finished')
    expect(places).toContain('node.started each[2]/show#1')
    expect(places.indexOf('node.started each[2]#1')).toBeGreaterThan(
      Math.min(places.indexOf('node.finished each[0]#1'), places.indexOf('node.finished each[1]#1')),
    )
  })

  it('gives an empty list for no items, null for an empty body, and refuses what is no list', async () => {
    const edges = ['start -> each']
    expect((await runs.run({ start, each: forEach([]), a: inside('each', set({})) }, edges)).output).toEqual([])
    expect((await runs.run({ start, each: forEach([1, 2]) }, edges)).output).toEqual([null, null])
    expect((await runs.run({ start, each: forEach(7), a: inside('each', set({})) }, edges)).error).toMatchObject({
      code: 'bad-items',
      node: 'each',
    })
  })

  it('fails with the first item that fails, or collects the failures in place', async () => {
    const body = { bad: inside('each', code('if (item === 2) throw new Error("two"); return item')) }
    const stopped = await runEverywhere({ start, each: forEach([1, 2, 3]), ...body }, ['start -> each'])
    expect(stopped.error).toMatchObject({ code: 'expression-failed', message: 'two', node: 'each[1]/bad' })
    const collected = await runEverywhere({ start, each: forEach([1, 2, 3], { onItemError: 'collect' }), ...body }, [
      'start -> each',
    ])
    expect(collected.output).toMatchObject([1, { error: { code: 'expression-failed', message: 'two' } }, 3])
  })

  it('gives each item its own copy of the variables', async () => {
    const nodes = {
      start,
      n: variable('n', '{{ 1 }}'),
      each: forEach([10, 20]),
      add: inside('each', variable('n', '{{ vars.n + item }}')),
      done: ret(['{{ prev }}', '{{ vars.n }}']),
    }
    expect((await runEverywhere(nodes, ['start -> n', 'n -> each', 'each -> done'])).output).toEqual([[11, 21], 1])
  })

  it('nests, with the innermost item in sight', async () => {
    const nodes = {
      start,
      outer: forEach([[1, 2], [3]]),
      inner: inside('outer', forEach('{{ item }}')),
      cell: inside('inner', set({ v: '{{ item }}', i: '{{ index }}' })),
    }
    expect((await runEverywhere(nodes, ['start -> outer'])).output).toEqual([
      [
        { v: 1, i: 0 },
        { v: 2, i: 1 },
      ],
      [{ v: 3, i: 0 }],
    ])
  })

  it('ends an item at its first return', async () => {
    const nodes = {
      start,
      each: forEach([1, 2]),
      q: inside('each', when('{{ item > 1 }}')),
      early: inside('each', ret('early')),
      late: inside('each', set({ v: '{{ item }}' })),
    }
    expect((await runEverywhere(nodes, ['start -> each', 'q:true -> early', 'q:false -> late'])).output).toEqual([
      { v: 1 },
      'early',
    ])
  })
})

describe('loop', () => {
  it('asks while before every iteration, with the last result as prev', async () => {
    const nodes = {
      start,
      l: loop({ while: '{{ (prev.n ?? 0) < 3 }}' }),
      body: inside('l', set({ n: '{{ (prev.n ?? 0) + 1 }}', i: '{{ index }}' })),
    }
    expect((await runEverywhere(nodes, ['start -> l'])).output).toEqual({ n: 3, i: 2 })
  })

  it('asks until after every iteration', async () => {
    const nodes = {
      start,
      l: loop({ until: '{{ prev.n >= 2 }}' }),
      body: inside('l', set({ n: '{{ (prev.n ?? 0) + 1 }}' })),
    }
    expect((await runEverywhere(nodes, ['start -> l'], { n: 5 })).output).toEqual({ n: 6 })
  })

  it('runs a number of times, shares the variables, and gives null for none', async () => {
    const body = { body: inside('l', variable('sum', '{{ (vars.sum ?? 0) + index }}')) }
    expect(
      (
        await runEverywhere({ start, l: loop({ times: 4 }), ...body, done: ret('{{ vars.sum }}') }, [
          'start -> l',
          'l -> done',
        ])
      ).output,
    ).toBe(6)
    expect((await runs.run({ start, l: loop({ times: 0 }), ...body }, ['start -> l'])).output).toBeNull()
  })

  it('fails as loop-limit past its max', async () => {
    const nodes = { start, l: loop({ while: true, max: 3 }), body: inside('l', set({})) }
    const result = await runEverywhere(nodes, ['start -> l'])
    expect(result.error).toMatchObject({ code: 'loop-limit', node: 'l' })
    expect(linesOf(result.events, 'node.started').filter((line) => line.includes('l['))).toHaveLength(6)
  })
})

describe('try', () => {
  it('passes its result on, or the failure to caught', async () => {
    const nodes = (body: JsonObject): JsonObject => ({
      start,
      t: attempt,
      body: inside('t', body),
      ok: ret('{{ prev }}'),
      caught: ret('{{ prev.code }} at {{ prev.node }}'),
    })
    const edges = ['start -> t', 't -> ok', 't:caught -> caught']
    expect((await runEverywhere(nodes(set({ v: '{{ prev.n }}' })), edges, { n: 4 })).output).toEqual({ v: 4 })
    expect((await runEverywhere(nodes(boom()), edges)).output).toBe('expression-failed at t[0]/body')
    expect(
      (await runEverywhere(nodes({ kind: 'fail', data: { code: 'my-code', message: 'mine' } }), edges)).output,
    ).toBe('my-code at t[0]/body')
  })

  it('cancels the rest of its body, loops and items included', async () => {
    const nodes = {
      start,
      t: attempt,
      each: inside('t', forEach([1, 2], { concurrency: 2 })),
      long: inside('each', { kind: 'wait', data: { for: '1h' } }),
      bad: inside('t', boom()),
      caught: ret('caught'),
    }
    const result = await runs.run(nodes, ['start -> t', 't:caught -> caught'])
    expect(result).toMatchObject({ status: 'completed', output: 'caught' })
    expect(linesOf(result.events, 'node.cancelled').sort()).toEqual(
      ['t[0]/each#1', 't[0]/each[0]#1', 't[0]/each[0]/long#1', 't[0]/each[1]#1', 't[0]/each[1]/long#1'].map(
        (place) => `node.cancelled ${place}`,
      ),
    )
  })

  it('undoes nothing by itself; a later failure of the run undoes what was done inside too', async () => {
    const nodes = {
      start,
      t: attempt,
      a: inside('t', set({ v: 'a' }, { policy: { compensate: 'undo' } })),
      bad: inside('t', boom()),
      undo: inside('t', code('return prev.v')),
      later: boom(),
    }
    const result = await runEverywhere(nodes, ['start -> t', 'a -> bad', 't:caught -> later'])
    expect(result.status).toBe('failed')
    expect(linesOf(result.events, 'node.finished').at(-1)).toBe('node.finished t[0]/undo#1')
  })
})
