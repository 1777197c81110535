import { describe, expect, it } from 'vitest'
import { deleteNodes, moveNodes } from '../../model/edits/nodes.ts'
import { setLabel } from '../../model/edits/settings.ts'
import { setSetting } from '../inspector/nodeEdits.ts'
import type { Flow } from '../../model/document.ts'
import { parseFlow } from '../../model/flowFile.ts'
import { laidOut, tidied } from './laidOut.ts'
import { FlowProjection, geometriesOf, type ViewInput } from './projectFlow.ts'

const text = JSON.stringify({
  format: 'switchyard.flow/1',
  name: 'Test',
  nodes: {
    start: { kind: 'start' },
    check: { kind: 'if', data: { condition: true } },
    agent: { kind: 'agent' },
    fetch: { kind: 'http' },
    odd: { kind: 'from-elsewhere' },
  },
  edges: ['start -> check', 'check:true -> agent', 'check:error -> odd', 'fetch -> agent:tools', 'check:maybe -> odd'],
})

function flow(): Flow {
  const parsed = parseFlow(text, 'test').flow
  if (!parsed) throw new Error('The test flow does not parse.')
  return laidOut(parsed)
}

const none: ReadonlySet<string> = new Set()
const view: ViewInput = {
  selection: { nodes: none, edges: none, notes: none },
  stateShown: false,
  bodyHeights: new Map(),
  unfolded: none,
  fontGeneration: 0,
}

describe('FlowProjection', () => {
  it('draws each node again only when its picture changes', () => {
    const projection = new FlowProjection()
    const before = flow()
    const first = projection.nodes(before, view)
    const second = projection.nodes(setLabel(before, 'check', 'Really?'), view)
    const changed = second.filter((node, index) => node !== first[index]).map((node) => node.id)
    expect(changed).toEqual(['check'])
  })

  it('keeps the very list of edges while a setting is typed', () => {
    const projection = new FlowProjection()
    const before = flow()
    projection.nodes(before, view)
    const lines = projection.edges(before, view)
    const typed = setSetting(before, 'fetch', 'url', 'http://localhost')
    projection.nodes(typed, { ...view, bodyHeights: new Map() })
    expect(projection.edges(typed, view)).toBe(lines)
  })

  it.each<[string, (before: Flow) => Flow]>([
    ['is moved', (before) => moveNodes(before, { check: [5, 5000] })],
    ['gets a higher card', (before) => setLabel(before, 'check', 'A label far too long for one line of a card')],
    ['is taken away', (before) => deleteNodes(before, ['odd'])],
  ])('draws the edges anew when a node %s', (_case, change) => {
    const projection = new FlowProjection()
    const before = flow()
    projection.nodes(before, view)
    const lines = projection.edges(before, view)
    const after = change(before)
    projection.nodes(after, view)
    expect(projection.edges(after, view)).not.toBe(lines)
  })

  it('lists a port of which an edge speaks once a setting has taken it away', () => {
    const projection = new FlowProjection()
    const before = flow()
    projection.nodes(before, view)
    const after = { ...before, nodes: { ...before.nodes, check: { kind: 'log' } } }
    const check = projection.nodes(after, view).find((node) => node.id === 'check')
    const handles = check?.handles?.map((handle) => handle.id)
    expect(handles).toContain('maybe')
    expect(handles).toContain('true')
  })

  it('draws two nodes again when the selection moves from one to the other', () => {
    const projection = new FlowProjection()
    const select = (id: string): ViewInput => ({ ...view, selection: { ...view.selection, nodes: new Set([id]) } })
    const first = projection.nodes(flow(), select('start'))
    const second = projection.nodes(flow(), select('check'))
    expect(second.filter((node) => node.selected).map((node) => node.id)).toEqual(['check'])
    expect(first.filter((node) => node.selected).map((node) => node.id)).toEqual(['start'])
  })

  it('gives every node its size and handles, so that none has to be measured', () => {
    for (const node of new FlowProjection().nodes(flow(), view)) {
      expect(node.measured).toEqual({ width: node.width, height: node.height })
      expect(node.handles?.length).toBeGreaterThan(0)
    }
  })

  it('has a handle for both ends of every edge, also of edges to ports that do not exist', () => {
    const projection = new FlowProjection()
    const nodes = new Map(projection.nodes(flow(), view).map((node) => [node.id, node]))
    const edges = projection.edges(flow(), view)
    expect(edges).toHaveLength(5)
    for (const { source, sourceHandle, target, targetHandle } of edges) {
      expect(nodes.get(source)?.handles?.some((handle) => handle.id === sourceHandle && handle.type === 'source')).toBe(
        true,
      )
      expect(nodes.get(target)?.handles?.some((handle) => handle.id === targetHandle && handle.type === 'target')).toBe(
        true,
      )
    }
  })

  it('keeps an edge that did not change', () => {
    const projection = new FlowProjection()
    const first = projection.edges(flow(), view)
    expect(projection.edges(flow(), view)).toEqual(first)
    expect(projection.edges(flow(), view)[0]).toBe(first[0])
  })

  it('draws a supplier without token handles', () => {
    const geometry = geometriesOf(flow()).get('fetch')
    expect(geometry?.handles.map((handle) => handle.side)).toEqual(['top'])
  })
})

describe('places of nodes', () => {
  it('are made up for a flow without layout, without changing those that stand', () => {
    const parsed = parseFlow(text, 'test').flow
    if (!parsed) throw new Error('The test flow does not parse.')
    expect(Object.keys(laidOut(parsed).layout?.nodes ?? {})).toHaveLength(5)
    const partly: Flow = { ...parsed, layout: { nodes: { start: [500, 300] } } }
    const placed = laidOut(partly)
    expect(placed.layout?.nodes?.['start']).toEqual([500, 300])
    for (const [id, at] of Object.entries(placed.layout?.nodes ?? {}))
      if (id !== 'start') expect(at[1]).toBeGreaterThan(300)
  })

  it('are made up once for a flow', () => {
    const parsed = parseFlow(text, 'test').flow
    if (!parsed) throw new Error('The test flow does not parse.')
    expect(laidOut(parsed)).toBe(laidOut(parsed))
  })

  it('change for a selection alone when that is tidied', () => {
    const before = flow()
    const after = tidied(before, new Set(['start', 'check']))
    expect(after.layout?.nodes?.['agent']).toEqual(before.layout?.nodes?.['agent'])
  })
})
