import { describe, expect, it } from 'vitest'
import type { FlowNode } from '../../model/document.ts'
import { flowFormat } from '../../model/document.ts'
import { findNodes } from './FindNodes.tsx'

function flowOf(nodes: Readonly<Record<string, FlowNode>>) {
  return { format: flowFormat, name: 'Test', nodes, edges: [] }
}

describe('findNodes', () => {
  it('finds labels first, then ids, kinds and texts in settings', () => {
    const flow = flowOf({
      a: { kind: 'log', data: { message: 'all issues are done' } },
      issues: { kind: 'http', label: 'Fetch' },
      b: { kind: 'set', label: 'Issues' },
    })
    expect(findNodes(flow, 'issues').map(({ id }) => id)).toEqual(['b', 'issues', 'a'])
    expect(findNodes(flow, 'nothing like it')).toEqual([])
  })

  it('looks through a flow of any size', () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`n${index}`, { kind: 'log', label: `Step ${index}` }]),
    )
    expect(findNodes(flowOf(nodes), 'Step 2999').map(({ id }) => id)).toEqual(['n2999'])
    expect(findNodes(flowOf(nodes), '').length).toBeLessThan(500)
  })
})
