import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryFlow, arbitraryJson } from '../../tests/support/arbitraryFlow.ts'
import type { Flow } from '../document.ts'
import { formatEdge, parseEdge, type Edge } from '../edges.ts'
import { parseFlow, serializeFlow } from '../flowFile.ts'
import { connect, disconnect, insertOnEdge, reconnect } from './edges.ts'
import { copyFragment, fragmentText, parseFragment, pasteFragment } from './fragment.ts'
import { addNode, deleteNodes, moveNodes, setParent } from './nodes.ts'
import { addNote, deleteNote, moveNote, setNoteText } from './notes.ts'
import { setAt, setData, setDisabled, setLabel, setPin, setPolicy } from './settings.ts'
import { uniqueId } from './uniqueId.ts'

const text = JSON.stringify({
  format: 'switchyard.flow/1',
  name: 'x',
  pins: { a: { port: 'out', output: 1 } },
  nodes: {
    start: { kind: 'start' },
    a: { kind: 'set', data: { values: { x: '{{ nodes.start.output }}' } } },
    b: { kind: 'set', data: { values: { y: '{{ nodes.a.output.x }}', list: [1, 2] } } },
    box: { kind: 'for-each' },
    inside: { kind: 'set', parent: 'box' },
    deeper: { kind: 'set', parent: 'inside' },
  },
  edges: ['a -> b', 'start -> a'],
  layout: { nodes: { start: [0, 0], a: [100, 0], b: [200, 0], box: [0, 100, 300, 200] } },
})
const flow = flowOf(text)
const noVerbatim = { verbatim: () => [] }

function flowOf(json: string): Flow {
  const parsed = parseFlow(json, 'f')
  if (!parsed.flow) throw new Error(parsed.diagnostics[0]?.message)
  return parsed.flow
}

function edge(from: string): Edge {
  const parsed = parseEdge(from)
  if (!parsed) throw new Error(from)
  return parsed
}

function edgesOf(of: Flow): string[] {
  return of.edges.map(formatEdge)
}

describe('nodes', () => {
  it('adds at the end, with a place on whole units', () => {
    const next = addNode(flow, 'c', { kind: 'log' }, [10.4, 20.6])
    expect(Object.keys(next.nodes).at(-1)).toBe('c')
    expect(next.layout?.nodes?.['c']).toEqual([10, 21])
    expect(next.nodes['a']).toBe(flow.nodes['a'])
  })

  it('deletes with edges, pins, places and bodies', () => {
    const next = deleteNodes(flow, ['a', 'box'])
    expect(Object.keys(next.nodes)).toEqual(['start', 'b'])
    expect(edgesOf(next)).toEqual([])
    expect(next.pins).toBeUndefined()
    expect(Object.keys(next.layout?.nodes ?? {})).toEqual(['start', 'b'])
    expect(deleteNodes(flow, ['nobody'])).toBe(flow)
  })

  it('keeps the size of a moved container', () => {
    expect(moveNodes(flow, { box: [5, 6] }).layout?.nodes?.['box']).toEqual([5, 6, 300, 200])
    expect(moveNodes(flow, { box: [5, 6, 7, 8] }).layout?.nodes?.['box']).toEqual([5, 6, 7, 8])
  })

  it('cuts the edges that would cross a border', () => {
    const next = setParent(flow, ['a'], 'box')
    expect([next.nodes['a']?.parent, edgesOf(next)]).toEqual(['box', []])
    expect(edgesOf(setParent(flow, ['start', 'a', 'b'], 'box'))).toEqual(['a -> b', 'start -> a'])
    expect(setParent(next, ['a'], undefined).nodes['a']).toEqual(flow.nodes['a'])
  })
})

describe('edges', () => {
  it('connects once, in the order of the file, and takes it back', () => {
    const next = connect(flow, edge('b -> box'))
    expect(edgesOf(next)).toEqual(['a -> b', 'b -> box', 'start -> a'])
    expect(connect(next, edge('b -> box'))).toBe(next)
    expect(disconnect(next, edge('b -> box'))).toEqual(flow)
    expect(disconnect(flow, edge('b -> box'))).toBe(flow)
    expect(edgesOf(reconnect(flow, edge('a -> b'), edge('a:error -> b')))).toEqual(['a:error -> b', 'start -> a'])
  })

  it('inserts a node into an edge', () => {
    const next = insertOnEdge(addNode(flow, 'mid', { kind: 'if' }), edge('a -> b'), 'mid', { out: 'true' })
    expect(edgesOf(next)).toEqual(['a -> mid', 'mid:true -> b', 'start -> a'])
  })
})

describe('settings', () => {
  it('sets by dotted path, makes what is missing and shares the rest', () => {
    const next = setData(flow, 'b', 'values.list.1', 9)
    expect(next.nodes['b']?.data).toEqual({ values: { y: '{{ nodes.a.output.x }}', list: [1, 9] } })
    expect(setData(flow, 'start', 'deep.er', 'x').nodes['start']?.data).toEqual({ deep: { er: 'x' } })
    expect(setData(flow, 'b', 'values.list.0', undefined).nodes['b']?.data).toMatchObject({ values: { list: [2] } })
    expect(setData(flow, 'b', 'values', undefined).nodes['b']).toEqual({ kind: 'set' })
    expect(setData(flow, 'b', 'values.y', '{{ nodes.a.output.x }}')).toBe(flow)
    expect(setData(flow, 'nobody', 'x', 1)).toBe(flow)
  })

  it('never reaches a prototype', () => {
    expect(setAt({}, ['__proto__', 'polluted'], 1)).toEqual({})
    expect(setAt({}, ['constructor', 'x'], 1)).toEqual({ constructor: { x: 1 } })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('reads back what it set, and undoes it by undefined', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 4 }),
        arbitraryJson(),
        (path, value) => {
          const set = setAt({ keep: 1 }, path, value)
          expect(path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], set)).toEqual(value)
        },
      ),
    )
  })

  it('takes away what is empty', () => {
    expect(setLabel(setLabel(flow, 'a', 'Name'), 'a', '')).toEqual(flow)
    expect(setPolicy(setPolicy(flow, 'a', { timeout: '3s' }), 'a', {})).toEqual(flow)
    expect(setDisabled(setDisabled(flow, ['a', 'b'], true), ['a', 'b'], false)).toEqual(flow)
    expect(setPin(flow, 'a', undefined).pins).toBeUndefined()
    expect(setPin(flow, 'b', { port: 'out', output: 2 }).pins).toMatchObject({ a: { output: 1 }, b: { output: 2 } })
  })
})

describe('notes', () => {
  it('come, move, change and go', () => {
    const { flow: one, id } = addNote(flow, { text: 'Hi', at: [1, 2, 3, 4] })
    const two = setNoteText(moveNote(one, id, [9.6, 8]), id, 'Ho')
    expect(two.layout?.notes?.[id]).toEqual({ text: 'Ho', at: [10, 8, 3, 4] })
    expect(addNote(one, { text: '', at: [] }).id).toBe('note2')
    expect(deleteNote(two, id)).toEqual(flow)
  })
})

describe('uniqueId', () => {
  it('makes identifiers of anything', () => {
    const bases = ['write-file', 'a', 'a1', 'Größe', 'if', '3 things', '日本', 'Send Mail', 'API address', '__proto__']
    const ids = ['writeFile', 'a2', 'a1', 'groE', 'if1', 'n3Things', 'node', 'sendMail', 'apiAddress', '__proto__2']
    expect(bases.map((base) => uniqueId(flow, base))).toEqual(ids)
  })
})

describe('fragments', () => {
  it('paste beside the original, with expressions that follow the new ids', () => {
    const fragment = parseFragment(fragmentText(copyFragment(flow, ['a', 'b'])))
    if (!fragment) throw new Error('the fragment parses')
    const { flow: next, ids } = pasteFragment(flow, fragment, { ...noVerbatim, offset: [40, 40] })
    expect(ids).toEqual(['a2', 'b2'])
    expect(next.nodes['b2']?.data).toMatchObject({ values: { y: '{{ nodes.a2.output.x }}' } })
    expect(next.nodes['a2']?.data).toEqual(flow.nodes['a']?.data)
    expect(edgesOf(next)).toEqual(['a -> b', 'a2 -> b2', 'start -> a'])
    expect(next.layout?.nodes?.['a2']).toEqual([140, 40])
  })

  it('take bodies along and free what comes from a container', () => {
    expect(Object.keys(copyFragment(flow, ['box']).nodes)).toEqual(['box', 'inside', 'deeper'])
    expect(copyFragment(flow, ['inside']).nodes['inside']).toEqual({ kind: 'set' })
    const { flow: next } = pasteFragment(flow, copyFragment(flow, ['box']), { ...noVerbatim, parent: 'inside' })
    expect([next.nodes['box2']?.parent, next.nodes['inside2']?.parent]).toEqual(['inside', 'box2'])
  })

  it('are not made of other text', () => {
    expect(parseFragment('hello')).toBeUndefined()
    expect(parseFragment('{"format":"switchyard.fragment/1"}')).toBeUndefined()
    expect(parseFragment('['.repeat(100_000))).toBeUndefined()
  })

  it('put into an empty flow say what they said', () => {
    fc.assert(
      fc.property(arbitraryFlow(), (any) => {
        const fragment = copyFragment(any, Object.keys(any.nodes))
        const { flow: next } = pasteFragment(flowOf('{"format":"switchyard.flow/1","nodes":{}}'), fragment, noVerbatim)
        expect(Object.keys(next.nodes)).toEqual(Object.keys(any.nodes))
        expect(flowOf(serializeFlow(next))).toEqual(next)
      }),
    )
  })
})
