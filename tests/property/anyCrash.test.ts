import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { refold } from '../../engine/run/refold.ts'
import type { FlowMachine } from '../../engine/compile/machine.ts'
import type { JsonObject } from '../../model/json.ts'
import { openLocalRuns, type LocalRuns } from '../support/localRuns.ts'
import { boom, code, ret, set, start, wait, when } from '../support/shortNodes.ts'

vi.setConfig({ testTimeout: 60_000 })

let runs: LocalRuns

beforeAll(async () => {
  runs = await openLocalRuns({ random: () => 0.5 })
})

afterAll(() => runs[Symbol.asyncDispose]())

interface Case {
  readonly nodes: JsonObject
  readonly edges: readonly string[]
  readonly more?: JsonObject
}

const variable = (name: string, value: string): JsonObject => ({ kind: 'set-variable', data: { name, value } })

/** Flows without effects that must not be repeated, so that every one of them ends by itself. */
const cases: Record<string, Case> = {
  'a chain with a decision': {
    nodes: {
      start,
      a: set({ v: '{{ input.n + 1 }}' }),
      q: when('{{ prev.v > 1 }}'),
      yes: ret('{{ nodes.a.output.v }}'),
      no: ret('no'),
    },
    edges: ['start -> a', 'a -> q', 'q:true -> yes', 'q:false -> no'],
  },
  'a loop with a variable': {
    nodes: {
      start,
      add: variable('sum', '{{ (vars.sum ?? 0) + nodes.add.visits }}'),
      more: when('{{ nodes.add.visits < 5 }}'),
      done: ret('{{ vars.sum }}'),
    },
    edges: ['start -> add', 'add -> more', 'more:true -> add', 'more:false -> done'],
  },
  'a fork in a narrow flow': {
    nodes: { start, a: code('return 1'), b: set({ v: 2 }), c: wait('1ms'), join: ret('{{ [prev.a, prev.b.v] }}') },
    edges: ['start -> a', 'start -> b', 'start -> c', 'a -> join', 'b -> join', 'c -> join'],
    more: { concurrency: 2 },
  },
  'items, one after the other and side by side': {
    nodes: {
      start,
      e: code('return item * index', { policy: { each: { items: '{{ [3, 4, 5] }}', concurrency: 2 } } }),
      f: set({ i: '{{ index }}' }, { policy: { each: { items: [1, 2] } } }),
    },
    edges: ['start -> e', 'e -> f'],
  },
  'failures that are retried, taken over and passed on': {
    nodes: {
      start,
      r: boom({ policy: { retry: { max: 3, on: ['expression-failed'] } } }),
      c: boom({ policy: { onError: 'continue' } }),
      done: ret({ code: '{{ nodes.r.error.code }}', c: '{{ prev }}' }),
    },
    edges: ['start -> r', 'r:error -> c', 'c -> done'],
  },
  'a failure that undoes what was done': {
    nodes: {
      start,
      a: set({ v: 1 }, { policy: { compensate: 'undo' } }),
      b: set({ v: 2 }, { policy: { compensate: 'undo' } }),
      c: boom(),
      undo: code('return prev.v'),
    },
    edges: ['start -> a', 'a -> b', 'b -> c'],
  },
  'the first of several': {
    nodes: {
      start,
      fast: set({ v: 1 }),
      slow: wait('50ms'),
      first: set({ v: '{{ prev.v }}' }, { policy: { join: 'any' } }),
    },
    edges: ['start -> fast', 'start -> slow', 'fast -> first', 'slow -> first'],
  },
  'pins and disabled nodes': {
    nodes: { start, b: boom(), off: set({ v: 1 }, { disabled: true }), done: ret('{{ prev }}') },
    edges: ['start -> b', 'b -> off', 'off -> done'],
    more: { pins: { b: { port: 'out', output: { v: 9 } } } },
  },
}

describe.each(Object.entries(cases))('%s', (_name, { nodes, edges, more }) => {
  it('ends the same wherever a crash cuts its log', async () => {
    const input = { n: 1 }
    const whole = await runs.run(nodes, edges, { input, ...(more && { more }) })
    const events = runs.store.loadEvents(whole.runId)
    expect((await runs.host.replayRun(whole.runId)).differences).toEqual([])
    for (let length = 1; length < events.length; length++) {
      const runId = `${whole.runId}-${String(length)}`
      for (const event of events.slice(0, length)) runs.store.append({ ...event, runId })
      runs.store.commit(false)
      await runs.host.resumeRun(runId)
      const { status, output, error } = await runs.host.settled(runId)
      expect({ length, status, output, code: error?.code }).toEqual({
        length,
        status: whole.status,
        output: whole.output,
        code: whole.error?.code,
      })
      expect((await runs.host.replayRun(runId)).differences).toEqual([])
      const kept = runs.store.loadEvents(runId).slice(0, length)
      expect(kept).toEqual(events.slice(0, length).map((event) => ({ ...event, runId })))
    }
  })

  it('owes, at every point, what the log goes on with', async () => {
    const { runId } = await runs.run(nodes, edges, { input: { n: 1 }, ...(more && { more }) })
    const events = runs.store.loadEvents(runId)
    const [first] = events
    const machine = JSON.parse(
      runs.store.readDocument(first?.type === 'run.started' ? first.machine : ''),
    ) as FlowMachine
    for (let length = 1; length <= events.length; length++) {
      const [owed] = refold(events.slice(0, length), { machineOf: () => machine }).owed
      if (owed) expect(events[length]).toMatchObject(owed)
      else expect(['node.skipped', 'run.finished', 'run.failed']).not.toContain(events[length]?.type)
    }
  })
})
