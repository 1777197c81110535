import { beforeEach, describe, expect, it } from 'vitest'
import type { Flow } from '../../model/document.ts'
import { formatEdge } from '../../model/edges.ts'
import { parseFlow } from '../../model/flowFile.ts'
import type { NodeSpec } from '../../model/nodeSpec.ts'
import { kinds } from '../kinds.ts'
import { activeDocument, documentStore } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { addNodeFor, fitsRequest } from './addNodes.ts'
import type { AddRequest, WireEnd } from './canvasStore.ts'
import { laidOut } from './laidOut.ts'

const screen = { x: 0, y: 0 }
const middle = { x: 500, y: 300 }

function spec(kind: string): NodeSpec {
  const found = kinds.get(kind)
  if (!found) throw new Error(`There is no kind ${kind}.`)
  return found
}

function open(nodes: Readonly<Record<string, { kind: string }>>, edges: readonly string[] = []): void {
  const text = JSON.stringify({ format: 'switchyard.flow/1', name: 'Test', nodes, edges })
  const { flow } = parseFlow(text, 'test')
  if (!flow) throw new Error('The test flow does not parse.')
  for (const path of documentStore.getState().tabs) documentStore.getState().close(path)
  documentStore.getState().open('test.flow.json', laidOut(flow), { hash: null })
}

function flow(): Flow {
  const document = activeDocument(documentStore.getState())
  if (!document) throw new Error('No document is open.')
  return document.flow
}

function edges(): string[] {
  return flow().edges.map(formatEdge).sort()
}

function add(kind: string, request: Partial<AddRequest> = {}, label?: string): string | undefined {
  return addNodeFor({ screen, ...request }, spec(kind), middle, label)
}

const out = (node: string, handle = 'out'): WireEnd => ({ node, handle, type: 'source' })

describe('adding a node', () => {
  beforeEach(() => {
    open({ start: { kind: 'start' } })
  })

  it('wires it to what asked for it, selects it, and asks for its first setting', () => {
    const id = add('http', { from: out('start') })
    expect(edges()).toEqual(['start -> http'])
    expect([...selectionStore.getState().nodes]).toEqual([id])
    expect(selectionStore.getState().fieldRequest).toMatchObject({ node: id, field: 'data.url' })
  })

  it('is one step of undo', () => {
    add('http', { from: out('start') })
    documentStore.getState().undo()
    expect(Object.keys(flow().nodes)).toEqual(['start'])
    expect(edges()).toEqual([])
  })

  it('gives an id that expressions can name, made from the label where there is one', () => {
    expect(add('write-file')).toBe('writeFile')
    expect(add('write-file')).toBe('writeFile2')
    expect(add('http', {}, 'Open issues')).toBe('openIssues')
    expect(flow().nodes['openIssues']?.label).toBe('Open issues')
  })

  it('gives the first node of an empty flow the start that it lacks, first in the file', () => {
    open({})
    add('http')
    expect(Object.keys(flow().nodes)).toEqual(['start', 'http'])
    expect(edges()).toEqual(['start -> http'])
  })

  it('lies on no other card', () => {
    const ids = [1, 2, 3].map(() => add('log', { from: out('start') }))
    const places = ids.map((id) => flow().layout?.nodes?.[id ?? ''] ?? [])
    const ys = places.map((at) => at[1] ?? 0).sort((a, b) => a - b)
    expect((ys[1] ?? 0) - (ys[0] ?? 0)).toBeGreaterThanOrEqual(56)
    expect((ys[2] ?? 0) - (ys[1] ?? 0)).toBeGreaterThanOrEqual(56)
  })

  it('goes into an edge, and the rest makes room', () => {
    add('http', { from: out('start') })
    const before = flow().layout?.nodes?.['http']?.[0] ?? 0
    add('log', { edge: 'start -> http' })
    expect(edges()).toEqual(['log -> http', 'start -> log'])
    expect(flow().layout?.nodes?.['http']?.[0]).toBeGreaterThan(before)
  })

  it('supplies an agent from below', () => {
    open({ start: { kind: 'start' }, agent: { kind: 'agent' } }, ['start -> agent'])
    add('http', { from: { node: 'agent', handle: 'tools', type: 'target' } })
    expect(edges()).toContain('http -> agent:tools')
    const [agent, http] = ['agent', 'http'].map((id) => flow().layout?.nodes?.[id]?.[1] ?? 0)
    expect(http).toBeGreaterThan(agent ?? 0)
  })
})

describe('what fits where a node is asked for', () => {
  beforeEach(() => {
    open({ start: { kind: 'start' }, log: { kind: 'log' }, agent: { kind: 'agent' } }, ['start -> log'])
  })

  function fits(kind: string, request: Partial<AddRequest>): boolean {
    return fitsRequest(flow(), { screen, ...request }, spec(kind))
  }

  it('is no second start', () => {
    expect(fits('start', {})).toBe(false)
  })

  it('has a way in after an outcome, and a way out before a node', () => {
    expect(fits('return', { from: out('log') })).toBe(true)
    expect(fits('return', { from: { node: 'log', handle: 'in', type: 'target' } })).toBe(false)
  })

  it('has both inside an edge', () => {
    expect(fits('set', { edge: 'start -> log' })).toBe(true)
    expect(fits('return', { edge: 'start -> log' })).toBe(false)
  })

  it('does something for an agent that asks for tools', () => {
    const tools: Partial<AddRequest> = { from: { node: 'agent', handle: 'tools', type: 'target' } }
    expect(fits('http', tools)).toBe(true)
    expect(fits('if', tools)).toBe(false)
  })
})
