import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../model/json.ts'
import { flowText, runJson } from '../support/runFlow.ts'
import { code, ret, set, start, wait, when } from '../support/shortNodes.ts'

describe('loops of unusual form (rules 3.5, 3.6)', () => {
  const visits = (id: string): string => `{{ nodes.${id}.visits }}`
  const until = (limit: number, id: string): string => `{{ nodes.${id}.visits < ${limit} }}`
  const throwsUntil = (limit: number, id: string): JsonObject =>
    code(`if (nodes.${id}.visits < ${limit}) throw new Error('again'); return nodes.${id}.visits`)
  const any = { policy: { join: 'any' } }

  it.each<[string, JsonObject, string[], Json]>([
    [
      'a node that leads to itself',
      { start, q: when(until(3, 'q')), done: ret(visits('q')) },
      ['start -> q', 'q:true -> q', 'q:false -> done'],
      3,
    ],
    [
      'an error edge that leads back to its node',
      { start, b: throwsUntil(3, 'b'), done: ret('{{ prev }}') },
      ['start -> b', 'b:error -> b', 'b -> done'],
      3,
    ],
    [
      'an error edge that leads back to a header',
      {
        start,
        h: set({ why: "{{ prev?.code ?? 'none' }}" }),
        b: throwsUntil(3, 'h'),
        done: ret('{{ nodes.h.output.why }}'),
      },
      ['start -> h', 'h -> b', 'b:error -> h', 'b -> done'],
      'expression-failed',
    ],
    [
      'an error edge that leads out',
      {
        start,
        h: set({}),
        b: code("if (nodes.h.visits > 2) throw new Error('out'); return 1"),
        done: ret(visits('h')),
      },
      ['start -> h', 'h -> b', 'b -> h', 'b:error -> done'],
      3,
    ],
    [
      'two live back edges, which start the header once',
      {
        start,
        h: set({ from: '{{ Object.keys(prev) }}' }),
        q: when(until(3, 'h')),
        x: set({}),
        y: set({}),
        done: ret({ n: visits('h'), from: '{{ nodes.h.output.from }}' }),
      },
      ['start -> h', 'h -> q', 'q:true -> x', 'q:true -> y', 'x -> h', 'y -> h', 'q:false -> done'],
      { n: 3, from: ['x', 'y'] },
    ],
    [
      'a header that joins',
      { start, a: set({}), b: set({}), h: set({}), q: when(until(3, 'h')), done: ret(visits('h')) },
      ['start -> a', 'start -> b', 'a -> h', 'b -> h', 'h -> q', 'q:true -> h', 'q:false -> done'],
      3,
    ],
    [
      'a header that joins any',
      {
        start,
        a: set({}),
        b: wait('1h'),
        h: set({}, any),
        q: when(until(3, 'h')),
        done: ret([visits('h'), visits('b')]),
      },
      ['start -> a', 'start -> b', 'a -> h', 'b -> h', 'h -> q', 'q:true -> h', 'q:false -> done'],
      [3, 1],
    ],
    [
      'a race in every iteration',
      {
        start,
        h: set({}),
        a: set({}),
        b: wait('1h'),
        c: set({}),
        j: set({}, any),
        q: when(until(3, 'h')),
        done: ret([visits('b'), visits('c'), visits('j')]),
      },
      ['start -> h', 'h -> a', 'h -> b', 'b -> c', 'a -> j', 'c -> j', 'j -> q', 'q:true -> h', 'q:false -> done'],
      [3, 0, 3],
    ],
    [
      'a header that is refused its next start, over its error edge',
      {
        start,
        h: set({}, { policy: { maxVisits: 2 } }),
        q: when(true),
        never: ret('never'),
        done: ret({ code: '{{ prev.code }}', starts: visits('h') }),
      },
      ['start -> h', 'h -> q', 'q:true -> h', 'q:false -> never', 'h:error -> done'],
      { code: 'loop-limit', starts: 2 },
    ],
  ])('runs %s', async (_name, nodes, edges, expected) => {
    expect((await runJson(flowText(nodes, edges))).result).toMatchObject({ status: 'completed', output: expected })
  })
})
