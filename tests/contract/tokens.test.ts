import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { flowText, nodesOf, runEvents, runJson, validateJson } from '../support/runFlow.ts'
import { boom, ret, set, start, wait, when } from '../support/shortNodes.ts'

const counting = (limit: number, header: JsonObject = {}): JsonObject => ({
  start,
  inc: set({ n: '{{ (nodes.inc.output?.n ?? 0) + 1 }}' }, header),
  more: when(`{{ nodes.inc.output.n < ${limit} }}`),
  done: ret({ n: '{{ nodes.inc.output.n }}', visits: '{{ nodes.inc.visits }}' }),
})
const countingEdges = ['start -> inc', 'inc -> more', 'more:true -> inc', 'more:false -> done']

describe('tokens (rules 3.1 to 3.4)', () => {
  it('merges exclusive branches without any setting and skips the one not taken', async () => {
    const text = flowText(
      { start, q: when('{{ input.go }}'), a: set({ v: 'a' }), b: set({ v: 'b' }), done: ret('{{ prev.v }}') },
      ['start -> q', 'q:true -> a', 'q:false -> b', 'a -> done', 'b -> done'],
    )
    expect((await runJson(text, ['--input', 'go=true'])).result['output']).toBe('a')
    const { events } = await runEvents(text, ['--input', 'go=false'])
    expect(nodesOf(events, 'node.skipped')).toEqual(['a'])
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', output: 'b' })
  })

  it('skips a join all of whose in-edges are dead, and what follows it', async () => {
    const text = flowText({ start, q: when(true), a: set({}), b: set({}), j: set({}), k: set({}), done: ret('end') }, [
      'start -> q',
      'q:false -> a',
      'q:false -> b',
      'a -> j',
      'b -> j',
      'j -> k',
      'q:true -> done',
      'k -> done',
    ])
    const { events } = await runEvents(text)
    expect(new Set(nodesOf(events, 'node.skipped'))).toEqual(new Set(['a', 'b', 'j', 'k']))
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', output: 'end' })
  })

  it('joins interleaved branches', async () => {
    const text = flowText(
      {
        start,
        a: set({ v: 1 }),
        b: set({ v: 2 }),
        c: set({ v: '{{ nodes.a.output.v + nodes.b.output.v }}' }),
        d: set({ v: '{{ nodes.b.output.v * 10 }}' }),
        done: ret('{{ prev }}'),
      },
      ['start -> a', 'start -> b', 'a -> c', 'b -> c', 'b -> d', 'c -> done', 'd -> done'],
    )
    expect((await runJson(text)).result['output']).toEqual({ c: { v: 3 }, d: { v: 20 } })
  })

  it('starts ready nodes in file order', async () => {
    const text = flowText({ z: set({}), m: set({}), start, a: set({}) }, ['start -> a', 'start -> m', 'start -> z'])
    expect(nodesOf((await runEvents(text)).events, 'node.started')).toEqual(['start', 'z', 'm', 'a'])
  })

  it('bounds what runs at once by the concurrency of the flow', async () => {
    const ids = ['s1', 's2', 's3', 's4', 's5']
    const sleeps = Object.fromEntries(ids.map((id) => [id, { kind: 'shell', data: { command: ['sleep', '0.02'] } }]))
    const text = flowText(
      { start, ...sleeps },
      ids.map((id) => `start -> ${id}`),
      { concurrency: 2 },
    )
    const { events } = await runEvents(text, ['--trust'])
    let open = 0
    let most = 0
    for (const event of events) {
      if (event.type === 'node.started') most = Math.max(most, ++open)
      if (event.type === 'node.finished') open--
    }
    expect(most).toBe(2)
  })

  it('lets a node that is parked on a timer hold no place of the concurrency', async () => {
    const text = flowText(
      { start, long: wait('1h'), short: wait('10ms'), done: ret('short') },
      ['start -> long', 'start -> short', 'short -> done'],
      { concurrency: 1 },
    )
    expect((await runJson(text)).result['output']).toBe('short')
  })

  it.each([17, 40])('forks into %i branches', async (width) => {
    const ids = Array.from({ length: width }, (_, i) => `b${i}`)
    const text = flowText(
      {
        start,
        ...Object.fromEntries(ids.map((id, i) => [id, set({ i })])),
        done: ret('{{ Object.keys(prev).length }}'),
      },
      [...ids.map((id) => `start -> ${id}`), ...ids.map((id) => `${id} -> done`)],
    )
    expect((await runJson(text)).result['output']).toBe(width)
  })

  it('takes the first live edge into a join of any and cancels what only led there', async () => {
    const text = flowText(
      { start, fast: set({ v: 1 }), slow: wait('1h'), first: ret('{{ prev.v }}', { policy: { join: 'any' } }) },
      ['start -> fast', 'start -> slow', 'fast -> first', 'slow -> first'],
    )
    const { exit, events } = await runEvents(text)
    expect(exit).toBe(0)
    expect(nodesOf(events, 'node.cancelled')).toContain('slow')
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', output: 1 })
  })

  it('goes on with a branch that leads elsewhere too after a join of any', async () => {
    const text = flowText(
      {
        start,
        fast: set({}),
        other: wait('20ms'),
        first: set({ v: 'first' }, { policy: { join: 'any' } }),
        side: set({ v: 'side' }),
      },
      ['start -> fast', 'start -> other', 'fast -> first', 'other -> first', 'other -> side'],
    )
    const { result } = await runJson(text)
    expect(result['output']).toEqual({ first: { v: 'first' }, side: { v: 'side' } })
  })

  it('skips a join of any whose in-edges are all dead', async () => {
    const text = flowText(
      { start, q: when(true), a: set({}), b: set({}), j: set({}, { policy: { join: 'any' } }), y: ret('y') },
      ['start -> q', 'q:true -> y', 'q:false -> a', 'q:false -> b', 'a -> j', 'b -> j'],
    )
    const { events } = await runEvents(text)
    expect(nodesOf(events, 'node.started')).toEqual(['start', 'q', 'y'])
  })

  it('takes the error port of a failure, with the failure as prev', async () => {
    const text = flowText(
      { start, b: boom(), ok: ret('ok'), bad: ret({ code: '{{ prev.code }}', node: '{{ prev.node }}' }) },
      ['start -> b', 'b -> ok', 'b:error -> bad'],
    )
    expect((await runJson(text)).result['output']).toEqual({ code: 'expression-failed', node: 'b' })
  })

  it('makes the error edge dead when the node succeeds', async () => {
    const text = flowText({ start, a: set({ v: 1 }), bad: set({}), done: ret('{{ prev.v }}') }, [
      'start -> a',
      'a -> done',
      'a:error -> bad',
      'bad -> done',
    ])
    const { events } = await runEvents(text)
    expect(nodesOf(events, 'node.skipped')).toEqual(['bad'])
    expect(events.at(-1)).toMatchObject({ output: 1 })
  })

  it('skips a node nothing leads to, with the warning unreachable', async () => {
    const text = flowText({ start, lost: set({}), next: set({}), done: ret(1) }, ['start -> done', 'lost -> next'])
    expect(await validateJson(text)).toMatchObject({
      exit: 0,
      codes: expect.arrayContaining(['unreachable']) as string[],
    })
    expect(nodesOf((await runEvents(text)).events, 'node.started')).toEqual(['start', 'done'])
  })
})

describe('loops (rules 3.5 and 3.6)', () => {
  it('runs a loop until its condition leaves it', async () => {
    expect((await runJson(flowText(counting(5), countingEdges))).result['output']).toEqual({ n: 5, visits: 5 })
  })

  it('runs a node that leads back to itself', async () => {
    const text = flowText(
      { start, again: when('{{ nodes.again.visits < 3 }}'), done: ret('{{ nodes.again.visits }}') },
      ['start -> again', 'again:true -> again', 'again:false -> done'],
    )
    expect((await runJson(text)).result['output']).toBe(3)
  })

  it('stops at maxVisits with loop-limit at the header', async () => {
    const fails = await runJson(flowText(counting(11, { policy: { maxVisits: 10 } }), countingEdges))
    expect(fails.exit).toBe(1)
    expect(fails.result).toMatchObject({ status: 'failed', error: { code: 'loop-limit', node: 'inc' } })
    const fits = await runJson(flowText(counting(10, { policy: { maxVisits: 10 } }), countingEdges))
    expect(fits.result).toMatchObject({ status: 'completed', output: { n: 10 } })
  })

  it('takes loop-limit over the error port of the header', async () => {
    const text = flowText({ ...counting(100, { policy: { maxVisits: 3 } }), over: ret('over') }, [
      ...countingEdges,
      'inc:error -> over',
    ])
    expect((await runJson(text)).result['output']).toBe('over')
  })

  it('allows a thousand visits where nothing is said', async () => {
    expect((await runJson(flowText(counting(1000), countingEdges))).result['output']).toEqual({ n: 1000, visits: 1000 })
    expect((await runJson(flowText(counting(1001), countingEdges))).result).toMatchObject({
      status: 'failed',
      error: { code: 'loop-limit' },
    })
  })

  it('settles inner loops first and counts maxVisits from the loop’s entry', async () => {
    const text = flowText(
      {
        start,
        outer: set({ i: '{{ (nodes.outer.output?.i ?? 0) + 1 }}' }),
        inner: set({ j: '{{ (nodes.inner.output?.j ?? 0) + 1 }}' }, { policy: { maxVisits: 3 } }),
        again: when('{{ nodes.inner.output.j % 3 !== 0 }}'),
        more: when('{{ nodes.outer.output.i < 4 }}'),
        done: ret({ outer: '{{ nodes.outer.visits }}', inner: '{{ nodes.inner.visits }}' }),
      },
      [
        'start -> outer',
        'outer -> inner',
        'inner -> again',
        'again:true -> inner',
        'again:false -> more',
        'more:true -> outer',
        'more:false -> done',
      ],
    )
    expect((await runJson(text)).result['output']).toEqual({ outer: 4, inner: 12 })
  })

  it('forks and joins inside a loop', async () => {
    const text = flowText(
      {
        start,
        head: set({ n: '{{ (nodes.head.output?.n ?? 0) + 1 }}' }),
        a: set({ v: '{{ nodes.head.output.n }}' }),
        b: set({ v: '{{ nodes.head.output.n * 10 }}' }),
        join: set({ sum: '{{ prev.a.v + prev.b.v + (nodes.join.output?.sum ?? 0) }}' }),
        more: when('{{ nodes.head.output.n < 3 }}'),
        done: ret('{{ nodes.join.output.sum }}'),
      },
      [
        'start -> head',
        'head -> a',
        'head -> b',
        'a -> join',
        'b -> join',
        'join -> more',
        'more:true -> head',
        'more:false -> done',
      ],
    )
    expect((await runJson(text)).result['output']).toBe(66)
  })

  it('keeps values over iterations, status not', async () => {
    const text = flowText(
      {
        start,
        head: set({ n: '{{ (nodes.head.output?.n ?? 0) + 1 }}' }),
        odd: when('{{ nodes.head.output.n % 2 === 1 }}'),
        mark: set({ at: '{{ nodes.head.output.n }}' }),
        more: when('{{ nodes.head.output.n < 4 }}'),
        done: ret({ at: '{{ nodes.mark.output.at }}', visits: '{{ nodes.mark.visits }}' }),
      },
      [
        'start -> head',
        'head -> odd',
        'odd:true -> mark',
        'odd:false -> more',
        'mark -> more',
        'more:true -> head',
        'more:false -> done',
      ],
    )
    expect((await runJson(text)).result['output']).toEqual({ at: 3, visits: 2 })
  })

  it.each<[string, JsonObject, string[], string]>([
    ['a loop without exit', { start, a: set({}), b: set({}) }, ['start -> a', 'a -> b', 'b -> a'], 'loop-without-exit'],
    [
      'a loop with two entries',
      { start, q: when(true), a: set({}), b: when(true), done: ret(1) },
      ['start -> q', 'q:true -> a', 'q:false -> b', 'a -> b', 'b:true -> a', 'b:false -> done'],
      'loop-multiple-entry',
    ],
    [
      'an iteration that goes on and leaves',
      { start, a: set({}), b: set({}), done: ret(1) },
      ['start -> a', 'a -> b', 'b -> a', 'b -> done'],
      'loop-escape',
    ],
    [
      'an iteration in which two branches may disagree',
      { start, h: set({}), p: when(true), q: when(true), done: set({}) },
      ['start -> h', 'h -> p', 'h -> q', 'p:true -> h', 'p:false -> done', 'q:true -> h', 'q:false -> done'],
      'loop-escape',
    ],
  ])('refuses %s', async (_name, nodes, edges, expected) => {
    const { exit, diagnostics } = await validateJson(flowText(nodes, edges))
    expect(exit).toBe(2)
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: expected, severity: 'error' }))
  })
})

describe('results of a scope (rule 4.4)', () => {
  it('is the first return, and cancels the rest', async () => {
    const text = flowText({ start, a: ret('first'), slow: wait('1h'), b: ret('second') }, [
      'start -> a',
      'start -> slow',
      'slow -> b',
    ])
    const { exit, events } = await runEvents(text)
    expect(exit).toBe(0)
    expect(nodesOf(events, 'node.cancelled')).toEqual(['slow'])
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', output: 'first' })
  })

  it('is the output of one leaf, or an object of several', async () => {
    expect((await runJson(flowText({ start, a: set({ v: 1 }) }, ['start -> a']))).result['output']).toEqual({ v: 1 })
    expect(
      (await runJson(flowText({ start, a: set({ v: 1 }), b: set({ v: 2 }) }, ['start -> a', 'start -> b']))).result[
        'output'
      ],
    ).toEqual({ a: { v: 1 }, b: { v: 2 } })
  })

  it('counts a decision whose chosen port leads nowhere as a leaf', async () => {
    const text = flowText({ start, a: set({ v: 1 }), q: when(false), b: set({ v: 2 }) }, [
      'start -> a',
      'a -> q',
      'q:true -> b',
    ])
    expect((await runJson(text)).result['output']).toEqual({ v: 1 })
  })

  it('fails the run by a fail node with its code and message', async () => {
    const text = flowText(
      { start, f: { kind: 'fail', data: { code: 'no-stock', message: 'Nothing left of {{ input.what }}' } } },
      ['start -> f'],
    )
    const { exit, result } = await runJson(text, ['--input', 'what=tea'])
    expect(exit).toBe(1)
    expect(result).toMatchObject({
      status: 'failed',
      output: null,
      error: { code: 'no-stock', message: 'Nothing left of tea', node: 'f' },
    })
  })
})
