import { describe, expect, it } from 'vitest'
import type { Flow } from '../../model/document.ts'
import { parseFlow } from '../../model/flowFile.ts'
import type { WireEnd } from './canvasStore.ts'
import { supplyHandle } from './cardGeometry.ts'
import { connectingFrom, edgeBetween, fittingEnds, freeOutput, wireProblem } from './wireEnds.ts'

function flow(edges: readonly string[]): Flow {
  const nodes = {
    start: { kind: 'start' },
    check: { kind: 'if' },
    log: { kind: 'log' },
    agent: { kind: 'agent' },
    fetch: { kind: 'http' },
  }
  const parsed = parseFlow(JSON.stringify({ format: 'switchyard.flow/1', name: 'Test', nodes, edges }), 'test').flow
  if (!parsed) throw new Error('The test flow does not parse.')
  return parsed
}

const out = (node: string, handle = 'out'): WireEnd => ({ node, handle, type: 'source' })
const into = (node: string, handle = 'in'): WireEnd => ({ node, handle, type: 'target' })

describe('the ends of a wire', () => {
  it('make the same edge, whichever is drawn first', () => {
    const edge = { from: 'check', fromPort: 'true', to: 'log', toPort: 'in' }
    expect(edgeBetween(out('check', 'true'), into('log'))).toEqual(edge)
    expect(edgeBetween(into('log'), out('check', 'true'))).toEqual(edge)
    expect(edgeBetween(out('check', 'true'), out('log'))).toBeUndefined()
  })

  it('write a supply as an edge of the port out', () => {
    expect(edgeBetween(out('fetch', supplyHandle), into('agent', 'tools'))).toEqual({
      from: 'fetch',
      fromPort: 'out',
      to: 'agent',
      toPort: 'tools',
    })
  })

  it('are refused with a reason where the edge stands already, or the sorts do not fit', () => {
    const standing = flow(['start -> log'])
    expect(wireProblem(standing, out('start'), into('log'))?.code).toBe('duplicate-edge')
    expect(wireProblem(standing, out('fetch', supplyHandle), into('log'))?.message).toMatch(/diamond/)
    expect(wireProblem(standing, out('check', 'true'), into('agent', 'tools'))?.message).toMatch(/as a whole/)
    expect(wireProblem(standing, out('start'), out('log'))?.message).toMatch(/input/)
  })

  it('are found on a card as a whole', () => {
    expect(fittingEnds(flow([]), out('start'), 'log')).toEqual([into('log')])
    expect(fittingEnds(flow([]), into('log'), 'check').map((end) => end.handle)).toEqual(['true', 'false'])
    expect(fittingEnds(flow([]), out('start'), 'start')).toEqual([])
  })

  it('may be tokens or supplies, but not both, of one node', () => {
    const supplied = flow(['fetch -> agent:tools'])
    expect(connectingFrom(supplied, out('start')).targets.has('fetch')).toBe(false)
    expect(connectingFrom(supplied, out('start')).targets.has('agent')).toBe(true)
  })

  it('are the first outcome that leads nowhere yet', () => {
    expect(freeOutput(flow([]), 'check')).toEqual(out('check', 'true'))
    expect(freeOutput(flow(['check:true -> log']), 'check')).toEqual(out('check', 'false'))
    expect(freeOutput(flow(['start -> log']), 'start')).toBeUndefined()
  })
})
