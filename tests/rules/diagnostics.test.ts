import { describe, expect, it } from 'vitest'
import { compile } from '../../engine/compile/compile.ts'
import type { Flow } from '../../model/document.ts'
import { flowOf, type NodeNote } from '../support/flows.ts'
import { testKinds } from '../support/kinds.ts'

/** `code node field path`, as far as there are. */
function found(flow: Flow): string[] {
  const { diagnostics, machine } = compile(flow, testKinds, 'test.flow.json')
  const isRefused = diagnostics.some((one) => one.severity === 'error')
  expect(machine === undefined).toBe(isRefused)
  return diagnostics.map((one) => {
    expect(one.file).toBe('test.flow.json')
    return [one.code, one.node, one.field, one.path?.join(' ')].filter((part) => part !== undefined).join(' | ')
  })
}

const check = (edges: readonly string[], nodes: Record<string, NodeNote> = {}): string[] =>
  found(flowOf(edges, { start: {}, ...nodes }))
const two: NodeNote = { ports: ['x', 'y'] }

describe('kinds, ports and nodes', () => {
  it('unknown-kind', () => expect(check(['start -> a'], { a: { kind: 'nothing' } })).toEqual(['unknown-kind | a']))
  it('unknown-port of a source', () =>
    expect(check(['start:there -> a'])).toEqual(['unknown-port | start | edges[0]', 'unreachable | a']))
  it('unknown-port of a target', () => expect(check(['start -> a:there'])[0]).toBe('unknown-port | a | edges[0]'))
  it('an edge into the start', () =>
    expect(check(['start -> a', 'a -> start'])).toEqual(['unknown-port | start | edges[1]']))
  it('unknown-node of an edge', () => {
    const flow = flowOf(['start -> a'])
    expect(found({ ...flow, edges: [...flow.edges, { from: 'a', fromPort: 'out', to: 'b', toPort: 'in' }] })).toEqual([
      'unknown-node | edges[1]',
    ])
  })
  it('duplicate-edge', () => expect(check(['start -> a', 'start:out -> a:in'])).toEqual(['duplicate-edge | edges[1]']))
  it('no-start', () => expect(found(flowOf(['a -> b']))[0]).toBe('no-start'))
  it('several-starts', () =>
    expect(check(['start -> a', 'second -> a'], { second: { kind: 'start' } })).toEqual([
      'several-starts | second | start second',
    ]))
  it('missing-field', () =>
    expect(check(['start -> a'], { a: { kind: 'needy' } })).toEqual(['missing-field | a | data.url']))
  it('bad-field', () =>
    expect(check(['start -> a'], { a: { kind: 'needy', data: { url: 7 } } })).toEqual(['bad-field | a | data.url']))
})

describe('expressions', () => {
  const condition = (value: string | boolean): string[] =>
    check(['start -> a'], { a: { kind: 'if', data: { condition: value } } })
  it('one hole or a JSON literal', () => {
    for (const good of ['{{ input.x > 1 }}', ' {{ input.x }}'.trim(), 'true', true]) expect(condition(good)).toEqual([])
    for (const bad of ['input.x > 1', '{{ input.x }} > 1', 'yes'])
      expect(condition(bad)).toEqual(['bad-expression | a | data.condition'])
  })
  it('a hole that does not parse', () =>
    expect(check(['start -> a'], { a: { data: { text: 'x {{ 1 + }}' } } })).toEqual(['bad-expression | a | data.text']))
  it('a node that is not there', () =>
    expect(check(['start -> a'], { a: { data: { text: '{{ nodes.b.output }}' } } })).toEqual([
      'unknown-node | a | data.text',
    ]))
  it('items of each', () => {
    expect(check(['start -> a'], { a: { policy: { each: { items: 'all' } } } })).toEqual([
      'bad-expression | a | policy.each.items',
    ])
  })
})

describe('policies', () => {
  it('each on a node with two ports', () =>
    expect(check(['start -> a'], { a: { ...two, policy: { each: { items: '{{ input.l }}' } } } })).toEqual([
      'bad-policy | a | policy.each',
    ]))
  it('durations and counts', () => {
    const policy = { retry: { max: 0, delay: 'soon' }, timeout: '1 hour', maxVisits: 0 }
    expect(check(['start -> a'], { a: { policy } }).sort()).toEqual([
      'bad-policy | a | policy.maxVisits',
      'bad-policy | a | policy.retry.delay',
      'bad-policy | a | policy.retry.max',
      'bad-policy | a | policy.timeout',
    ])
  })
  it('port-needed where the kind has no out', () => {
    expect(check(['start -> a'], { a: { ...two, disabled: true } })).toEqual(['port-needed | a | disabled'])
    expect(check(['start -> a'], { a: { ...two, policy: { onError: 'continue' } } })).toEqual([
      'port-needed | a | policy.onError',
    ])
    expect(
      check(['start -> a'], { a: { ...two, disabled: { port: 'x' }, policy: { onError: { continue: 'y' } } } }),
    ).toEqual([])
    expect(
      found({ ...flowOf(['start -> a'], { start: {}, a: two }), pins: { a: { port: 'out', output: 1 } } }),
    ).toEqual(['port-needed | a | pins.a'])
  })
  it('a port that is named but not there', () =>
    expect(check(['start -> a'], { a: { ...two, disabled: { port: 'z' } } })).toEqual(['unknown-port | a | disabled']))
  it('compensate', () => {
    expect(check(['start -> a'], { a: { policy: { compensate: 'undo' } }, undo: {} })).toEqual([])
    expect(check(['start -> a'], { a: { policy: { compensate: 'undo' } } })).toEqual([
      'unknown-node | a | policy.compensate',
    ])
    expect(check(['start -> a', 'a -> undo'], { a: { policy: { compensate: 'undo' } } })).toEqual([
      'bad-policy | a | policy.compensate',
    ])
  })
})

describe('suppliers and containers', () => {
  const agent: NodeNote = { kind: 'agent' }
  it('a supplier takes no tokens', () => {
    expect(check(['start -> ai', 'tool -> ai:tools'], { ai: agent })).toEqual([])
    expect(check(['start -> ai', 'start -> tool', 'tool -> ai:tools'], { ai: agent })).toEqual([
      'supplier-with-tokens | tool | start tool',
    ])
  })
  it('crosses-container', () => {
    const each: NodeNote = { kind: 'for-each' }
    expect(check(['start -> each', 'start -> a'], { each, a: { parent: 'each' } })[0]).toBe(
      'crosses-container | start | edges[1] | start a',
    )
  })
  it('a parent that is no container', () =>
    expect(check(['start -> a'], { b: { parent: 'a' } })[0]).toBe('bad-field | b | parent'))
  it('containers inside each other', () => {
    const nodes = { c: { kind: 'try', parent: 'd' }, d: { kind: 'try', parent: 'c' } }
    expect(check(['start -> a'], nodes)).toContain('bad-field | c | parent | c d')
  })
  it('empty-body', () =>
    expect(check(['start -> each'], { each: { kind: 'for-each' } })).toEqual(['empty-body | each']))
  it('unreachable', () => {
    expect(check(['start -> a', 'b -> c', 'c -> a'])).toEqual(['unreachable | b', 'unreachable | c'])
    expect(check(['start -> a', 'b -> c', 'c -> b'])).toEqual(['unreachable | b', 'unreachable | c'])
  })
})

describe('loops', () => {
  it('loop-multiple-entry names the second way in', () => {
    expect(
      check(['a -> b', 'b -> a', 'start -> s', 's:x -> a', 's:y -> b', 'b:done -> e'], {
        b: { ports: ['out', 'done'] },
      }),
    ).toEqual(['loop-multiple-entry | b | start s b a'])
  })
  it('loop-escape where a fork goes on and out at once', () => {
    expect(check(['start -> h', 'h -> d', 'd -> h', 'd -> e'])).toEqual(['loop-escape | h | h d:out h'])
  })
  it('loop-escape over an error edge', () => {
    const edges = [
      'start -> h',
      'h -> a',
      'h -> b',
      'a -> d',
      'b -> d',
      'b:error -> tell',
      'd:again -> h',
      'd:done -> e',
    ]
    expect(check(edges)).toEqual(['loop-escape | h | h:out a d h'])
  })
  it('loop-escape over a return', () => {
    const edges = ['start -> h', 'h -> a', 'h -> b', 'a -> h', 'b:x -> h', 'b:y -> r']
    expect(check(edges, { r: { kind: 'return', ports: [] }, h: { ports: ['out', 'done'] } })).toEqual([
      'loop-escape | h | h:out a h',
    ])
  })
  it('no loop-escape where one node decides behind the join', () => {
    expect(check(['start -> h', 'h -> a', 'h -> b', 'a -> d', 'b -> d', 'd:again -> h', 'd:done -> e'])).toEqual([])
  })
  it('loop-without-exit', () => {
    expect(check(['start -> a', 'a -> b', 'b -> a'])).toEqual(['loop-without-exit | a | a b a'])
    expect(check(['start -> a', 'a:x -> a', 'a:y -> a'])).toEqual(['loop-without-exit | a | a a'])
  })
  it('a port that leads nowhere is a way out', () => {
    expect(check(['start -> a', 'a:x -> a'], { a: two })).toEqual([])
  })
})

describe('warnings about values and races', () => {
  const reads = (text: string): NodeNote => ({ data: { text } })
  const branch = ['start -> a', 'a:x -> b', 'a:y -> c', 'b -> d', 'c -> d']
  it('reads-unset with the way on which it happens', () => {
    expect(check(branch, { d: reads('{{ nodes.b.output.z }}') })).toEqual(['reads-unset | d | data.text | start a c d'])
  })
  it('spares reads with ?. or ??', () => {
    expect(check(branch, { d: reads('{{ nodes.b.output?.z }} {{ nodes.c.output ?? 1 }}') })).toEqual([])
  })
  it('knows that a join all waits for its branches', () => {
    expect(
      check(['start -> a', 'start -> b', 'a -> c', 'b -> c'], { c: reads('{{ nodes.a.output + nodes.b.output }}') }),
    ).toEqual([])
  })
  it('knows that a join any does not', () => {
    expect(
      check(['start -> a', 'start -> b', 'a -> c', 'b -> c'], {
        c: { ...reads('{{ nodes.a.output }}'), policy: { join: 'any' } },
      }),
    ).toEqual(['race-drops-token | c | start:out a c', 'reads-unset | c | data.text | start b c'])
  })
  it('knows that a branch beside is not waited for', () => {
    expect(check(['start -> a', 'start -> b'], { b: reads('{{ nodes.a.output }}') })).toEqual([
      'reads-unset | b | data.text | start b',
    ])
  })
  it('knows that a node which failed has no output', () => {
    expect(
      check(['start -> a', 'a -> b', 'a:error -> c', 'b -> d', 'c -> d'], { d: reads('{{ nodes.a.output }}') }),
    ).toEqual(['reads-unset | d | data.text | start a c d'])
    expect(
      check(['start -> a', 'a -> b', 'a:error -> c'], {
        b: reads('{{ nodes.a.output }}'),
        c: reads('{{ nodes.a.error.code }}'),
      }),
    ).toEqual([])
  })
  it('warns of the first iteration, not of what is behind a loop', () => {
    expect(
      check(['start -> a', 'a -> b', 'b:again -> a', 'b:done -> c'], {
        a: reads('{{ nodes.b.output }}'),
        c: reads('{{ nodes.b.output }}'),
      }),
    ).toEqual(['reads-unset | a | data.text | start a'])
  })
  it('reads outer nodes from a body, and never inner ones from outside', () => {
    const nodes: Record<string, NodeNote> = {
      each: { kind: 'for-each' },
      x: { parent: 'each', ...reads('{{ nodes.start.output }}') },
      z: reads('{{ nodes.x.output }}'),
    }
    expect(check(['start -> each', 'each -> z'], nodes)).toEqual(['reads-unset | z | data.text | x z'])
  })
  it('no race where the branches exclude each other', () => {
    expect(check(branch, { d: { policy: { join: 'any' } } })).toEqual([])
  })
})
