import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Flow } from './document.ts'
import { parseEdge, type Edge } from './edges.ts'
import { parseFlow } from './flowFile.ts'
import { defineKind, type KindRegistry, type NodeSpec } from './nodeSpec.ts'
import { canConnect } from './wiring.ts'

function kind(
  name: string,
  ports: NodeSpec['ports'],
  role?: NodeSpec['role'],
  data: NodeSpec['data'] = z.looseObject({}),
): [string, NodeSpec] {
  const spec = defineKind({
    kind: name,
    version: 1,
    palette: { label: name, group: 'Data', icon: 'box', summary: name, keywords: [] },
    needs: [],
    idempotent: true,
    ...(role && { role }),
    ports,
    fields: [],
    data,
    output: () => ({}),
    migrations: {},
  })
  return [name, spec]
}

const inOut = { inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }
const kinds: KindRegistry = new Map([
  kind('start', () => ({ inputs: [], outputs: [{ name: 'out' }] }), { type: 'start' }),
  kind('set', () => inOut),
  kind('if', () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'true' }, { name: 'false' }] }), {
    type: 'decision',
  }),
  kind(
    'switch',
    (data) => ({
      inputs: [{ name: 'in' }],
      outputs: (data['cases'] as { port: string }[]).map(({ port }) => ({ name: port })),
    }),
    { type: 'decision' },
    z.looseObject({ cases: z.array(z.looseObject({ port: z.string() })) }),
  ),
  kind('agent', () => ({ ...inOut, supplies: [{ name: 'tools' }] }), { type: 'agent' }),
])

const nodes = {
  start: { kind: 'start' },
  a: { kind: 'set', label: 'First' },
  b: { kind: 'set' },
  tool: { kind: 'set' },
  check: { kind: 'if' },
  pick: { kind: 'switch', data: { cases: [{ port: 'red' }] } },
  broken: { kind: 'switch' },
  agent: { kind: 'agent' },
  inside: { kind: 'set', parent: 'agent' },
  alien: { kind: 'from-mars' },
}

function flow(...edges: string[]): Flow {
  const parsed = parseFlow(JSON.stringify({ format: 'switchyard.flow/1', name: 'x', nodes, edges }), 'f').flow
  if (!parsed) throw new Error('the flow parses')
  return parsed
}

function edge(text: string): Edge {
  const parsed = parseEdge(text)
  if (!parsed) throw new Error(text)
  return parsed
}

function ask(text: string, ...edges: string[]): string | undefined {
  return canConnect(flow(...edges), kinds, edge(text))?.code
}

describe('canConnect', () => {
  it('lets tokens flow from any output to any input', () => {
    for (const text of [
      'start -> a',
      'check:true -> b',
      'pick:red -> a',
      'a:error -> b',
      'a -> a',
      'tool -> agent',
      'alien:x -> a',
      'a -> alien:y',
    ]) {
      expect([text, ask(text)]).toEqual([text, undefined])
    }
  })

  it('refuses ports that are not there', () => {
    for (const text of [
      'check -> a',
      'pick:blue -> a',
      'a -> b:other',
      'a -> start',
      'a:in -> b',
      'a -> b:out',
      'broken:red -> a',
      'start:error -> a',
    ]) {
      expect([text, ask(text)]).toEqual([text, 'unknown-port'])
    }
    expect(canConnect(flow(), kinds, edge('a -> b:out'))?.message).toBe('That is an output too: connect to an input.')
  })

  it('refuses what stands already, leads nowhere or crosses a border', () => {
    expect(ask('a -> b', 'a:out -> b:in')).toBe('duplicate-edge')
    expect(ask('a -> nobody')).toBe('unknown-node')
    expect(ask('a -> constructor')).toBe('unknown-node')
    expect(ask('a -> inside')).toBe('crosses-container')
  })

  it('keeps suppliers out of the flow, and nodes of the flow out of the tools', () => {
    expect(ask('tool -> agent:tools')).toBeUndefined()
    expect(ask('b -> agent:tools', 'a -> b')).toBe('supplier-with-tokens')
    expect(ask('b -> tool', 'tool -> agent:tools')).toBe('supplier-with-tokens')
    expect(ask('tool -> b', 'tool -> agent:tools')).toBe('supplier-with-tokens')
    expect(ask('agent -> agent:tools')).toBe('supplier-with-tokens')
    expect(ask('check:true -> agent:tools')).toBe('supplier-with-tokens')
    expect(canConnect(flow('tool -> agent:tools'), kinds, edge('a -> tool'))?.message).toContain('"tool"')
  })
})
