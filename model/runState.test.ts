import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventBody, RunEvent } from './events.ts'
import { emptyRunState, reduceRun, reduceRunAll, type RunState } from './runState.ts'

const started: EventBody = {
  type: 'run.started',
  flow: 'a.flow.json',
  name: 'A',
  flowHash: 'f',
  machine: 'm',
  input: { x: 1 },
}
const error = { code: 'http-network', message: 'No answer.', retryable: true }

function events(bodies: readonly EventBody[]): RunEvent[] {
  return bodies.map((body, index) => ({ runId: 'r', seq: index + 1, at: at(index + 1), ...body }))
}

function at(second: number): string {
  return new Date(second * 1000).toISOString()
}

function fold(bodies: readonly EventBody[]): RunState {
  return reduceRunAll(emptyRunState, events(bodies))
}

const node = fc.constantFrom(
  'a',
  'b',
  'agent',
  'agent/call1',
  'each1',
  'each1[0]/a',
  'each1[1]/a',
  'b[3]',
  'constructor',
)
const place = { node, visit: fc.integer({ min: 1, max: 3 }) }
const usage = fc.record({ inputTokens: fc.nat(9), outputTokens: fc.nat(9) })
const body: fc.Arbitrary<EventBody> = fc.oneof(
  fc.constant(started),
  fc.record({ type: fc.constant('node.started' as const), ...place, data: fc.constantFrom(1, { items: [1] }) }),
  fc.record({
    type: fc.constant('node.finished' as const),
    ...place,
    port: fc.constant('out'),
    output: fc.nat(9),
    usage,
    vars: fc.constant({ v: 1 }),
  }),
  fc.record({ type: fc.constant('node.failed' as const), ...place, error: fc.constant(error) }),
  fc.record({
    type: fc.constant('node.retrying' as const),
    ...place,
    error: fc.constant(error),
    attempt: fc.nat(3),
    resumeAt: fc.constant(at(9)),
  }),
  fc.record({ type: fc.constantFrom('node.skipped' as const, 'node.cancelled' as const), ...place }),
  fc.record({
    type: fc.constant('node.waiting' as const),
    ...place,
    reason: fc.constantFrom('timer' as const, 'approval' as const),
  }),
  fc.record({ type: fc.constant('log' as const), ...place, level: fc.constant('info' as const), message: fc.string() }),
  fc.record({ type: fc.constant('run.waiting' as const), on: fc.array(node) }),
  fc.record({ type: fc.constant('run.failed' as const), error: fc.constant(error) }),
  fc.record({ type: fc.constant('run.repaired' as const), machine: fc.constant('m2') }),
)

describe('reduceRun', () => {
  it('follows a node from its start over a retry to its end', () => {
    const state = fold([
      started,
      { type: 'node.started', node: 'a', visit: 1, data: { url: 'x' } },
      { type: 'effect.intended', node: 'a', visit: 1, key: 'r/a#1', attempt: 1, idempotent: true },
      { type: 'node.retrying', node: 'a', visit: 1, error, attempt: 2, resumeAt: at(60) },
    ])
    expect(state.nodes['a']).toMatchObject({ status: 'retrying', attempt: 2, resumeAt: at(60), error, key: 'r/a#1' })
    const done = reduceRun(state, {
      runId: 'r',
      seq: 5,
      at: at(5),
      type: 'node.finished',
      node: 'a',
      visit: 1,
      port: 'true',
      output: 7,
    })
    expect(done.nodes['a']).toEqual({
      path: 'a',
      status: 'done',
      visit: 1,
      visits: 1,
      startedAt: at(2),
      endedAt: at(5),
      attempt: 2,
      data: { url: 'x' },
      key: 'r/a#1',
      port: 'true',
      output: 7,
    })
  })

  it('keeps the output of the visit before until the next has ended', () => {
    const state = fold([
      started,
      { type: 'node.started', node: 'a', visit: 1 },
      { type: 'node.finished', node: 'a', visit: 1, port: 'out', output: 'first' },
      { type: 'node.started', node: 'a', visit: 2 },
    ])
    expect(state.nodes['a']).toMatchObject({ status: 'running', visit: 2, visits: 2, output: 'first' })
    expect(state.nodes['a']).not.toHaveProperty('port')
    expect(state.nodes['a']).not.toHaveProperty('endedAt')
  })

  it('ignores what a past visit reports late, and events it has folded', () => {
    const state = fold([started, { type: 'node.started', node: 'a', visit: 2 }])
    const late = reduceRun(state, {
      runId: 'r',
      seq: 3,
      at: at(3),
      type: 'node.finished',
      node: 'a',
      visit: 1,
      port: 'out',
      output: 1,
    })
    expect(late.nodes['a']).toBe(state.nodes['a'])
    expect(reduceRunAll(late, events([started]))).toBe(late)
  })

  it('knows what a waiting run waits for, until something moves', () => {
    const waiting = fold([
      started,
      { type: 'node.started', node: 'ok', visit: 1 },
      { type: 'node.waiting', node: 'ok', visit: 1, reason: 'approval', detail: { message: 'Go?' } },
      { type: 'run.waiting', on: ['ok'] },
    ])
    expect([waiting.status, waiting.waitingOn, waiting.nodes['ok']?.waiting]).toEqual([
      'waiting',
      ['ok'],
      { reason: 'approval', detail: { message: 'Go?' } },
    ])
    const moved = reduceRun(waiting, {
      runId: 'r',
      seq: 5,
      at: at(5),
      type: 'node.finished',
      node: 'ok',
      visit: 1,
      port: 'approved',
      output: null,
    })
    expect([moved.status, moved.waitingOn, moved.nodes['ok']?.waiting]).toEqual(['running', [], undefined])
  })

  it("counts an agent's tokens once, also where it sums them up itself", () => {
    const state = fold([
      started,
      { type: 'node.started', node: 'agent', visit: 1 },
      { type: 'node.started', node: 'agent/call1', visit: 1, call: { type: 'model', model: 'm', turn: 1 } },
      {
        type: 'node.finished',
        node: 'agent/call1',
        visit: 1,
        port: 'out',
        output: 1,
        usage: { inputTokens: 5, outputTokens: 2, cost: 0.5 },
      },
      {
        type: 'node.finished',
        node: 'agent',
        visit: 1,
        port: 'out',
        output: 1,
        usage: { inputTokens: 5, outputTokens: 2, cost: 0.5 },
      },
      {
        type: 'node.finished',
        node: 'llm',
        visit: 1,
        port: 'out',
        output: 1,
        usage: { inputTokens: 1, outputTokens: 1 },
      },
    ])
    expect(state.usage).toEqual({ inputTokens: 6, outputTokens: 3, cost: 0.5 })
    expect(state.steps['agent']).toEqual(['agent/call1'])
  })

  it('finds a node inside a container by its id, and its iterations in order', () => {
    const state = fold([
      started,
      { type: 'node.started', node: 'each1', visit: 1, data: { items: [1, 2] } },
      { type: 'node.started', node: 'each1[0]/a', visit: 1 },
      { type: 'node.finished', node: 'each1[0]/a', visit: 1, port: 'out', output: 1, vars: { dropped: 1 } },
      { type: 'node.started', node: 'each1[1]/a', visit: 1 },
      { type: 'node.finished', node: 'b', visit: 1, port: 'out', output: 1, vars: { kept: 1 } },
    ])
    expect(state.latest).toEqual({ each1: 'each1', a: 'each1[1]/a', b: 'b' })
    expect({ ...state.steps }).toEqual({
      each1: ['each1[0]', 'each1[1]'],
      'each1[0]': ['each1[0]/a'],
      'each1[1]': ['each1[1]/a'],
    })
    expect({ ...state.vars }).toEqual({ kept: 1 })
  })

  it('goes on after a repair', () => {
    const failed = fold([started, { type: 'node.failed', node: 'a', visit: 1, error }, { type: 'run.failed', error }])
    expect([failed.status, failed.error, failed.endedAt]).toEqual(['failed', error, at(3)])
    const repaired = reduceRun(failed, { runId: 'r', seq: 4, at: at(4), type: 'run.repaired', machine: 'm2' })
    expect([repaired.status, repaired.error, repaired.endedAt]).toEqual(['running', undefined, undefined])
  })

  it('takes events of later versions without a change but the number', () => {
    const state = fold([started])
    const later = { runId: 'r', seq: 2, at: at(2), type: 'node.dreamt', node: 'a', visit: 1 } as unknown as RunEvent
    expect(reduceRun(state, later)).toEqual({ ...state, seq: 2 })
  })

  it('folds a prefix and then the tail to the same as all at once, and one by one', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 60 }), fc.nat(60), (bodies, cut) => {
        const all = events(bodies)
        const whole = reduceRunAll(emptyRunState, all)
        expect(reduceRunAll(reduceRunAll(emptyRunState, all.slice(0, cut)), all.slice(cut))).toEqual(whole)
        expect(all.reduce(reduceRun, emptyRunState)).toEqual(whole)
      }),
    )
  })

  it('never changes a state it was given, and shares what no event names', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 30 }), body, (bodies, last) => {
        const state = fold(bodies)
        const copy = structuredClone(state)
        const next = reduceRun(state, { runId: 'r', seq: bodies.length + 1, at: at(99), ...last })
        expect(structuredClone(state)).toEqual(copy)
        const touched = 'node' in last ? last.node : undefined
        for (const [path, one] of Object.entries(state.nodes)) if (path !== touched) expect(next.nodes[path]).toBe(one)
      }),
    )
  })

  it('folds in time linear in the events', () => {
    const timeOf = (count: number): number => {
      const all = events(
        Array.from({ length: count }, (_, i): EventBody => ({ type: 'node.started', node: `each1[${i}]/n`, visit: 1 })),
      )
      const start = performance.now()
      reduceRunAll(emptyRunState, all)
      return performance.now() - start
    }
    timeOf(2_000)
    const small = Math.min(...[1, 2, 3].map(() => timeOf(2_000)))
    expect(timeOf(40_000)).toBeLessThan(Math.max(small * 20 * 10, 5_000))
  })
})
