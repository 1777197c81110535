import { describe, expect, it } from 'vitest'
import { parseFlow } from './flowFile.ts'
import { renameNode } from './renameNode.ts'

const text = JSON.stringify({
  format: 'switchyard.flow/1',
  name: 'x',
  pins: { old: { port: 'out', output: 1 } },
  nodes: {
    old: { kind: 'set', data: { values: { a: '{{ nodes.old.visits }} nodes.old' } } },
    script: {
      kind: 'code',
      data: { source: 'return `{{ nodes.old.output }}` + nodes.old.output' },
      policy: { compensate: 'old' },
    },
    inside: { kind: 'set', parent: 'old', policy: { each: { items: '{{ nodes.old.output }}' } } },
    other: { kind: 'set', data: { values: { x: 1 } } },
  },
  edges: ['old -> other', 'a_first -> old'],
  layout: { nodes: { old: [1, 2], other: [3, 4] } },
})

describe('renameNode', () => {
  it('renames everywhere and shares the nodes that do not mention it', () => {
    const { flow } = parseFlow(text, 'f')
    if (!flow) throw new Error('the flow parses')
    const renamed = renameNode(flow, 'old', 'zed', (kind) => (kind === 'code' ? ['source'] : []))
    expect(Object.keys(renamed.nodes)).toEqual(['zed', 'script', 'inside', 'other'])
    expect(renamed.nodes['zed']?.data).toEqual({ values: { a: '{{ nodes.zed.visits }} nodes.old' } })
    expect(renamed.nodes['script']).toMatchObject({
      data: { source: 'return `{{ nodes.old.output }}` + nodes.zed.output' },
      policy: { compensate: 'zed' },
    })
    expect(renamed.nodes['inside']).toMatchObject({
      parent: 'zed',
      policy: { each: { items: '{{ nodes.zed.output }}' } },
    })
    expect(renamed.nodes['other']).toBe(flow.nodes['other'])
    expect(renamed.edges.map((edge) => `${edge.from} ${edge.to}`)).toEqual(['a_first zed', 'zed other'])
    expect([Object.keys(renamed.pins ?? {}), Object.keys(renamed.layout?.nodes ?? {})]).toEqual([
      ['zed'],
      ['zed', 'other'],
    ])
    const back = renameNode(renamed, 'zed', 'old', (kind) => (kind === 'code' ? ['source'] : []))
    expect(back).toEqual(flow)
  })
})
