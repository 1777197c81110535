import { describe, expect, it } from 'vitest'
import { emptyRunState, reduceRunAll, type RunState } from '../../model/runState.ts'
import type { EventBody } from '../../model/events.ts'
import type { Json } from '../../model/json.ts'
import { flowOf } from '../../tests/support/documentSession.ts'
import { scopeShape } from '../inspector/completion/scopeShape.ts'
import { shapeAt } from '../inspector/completion/shape.ts'
import { declarationsFor } from './declarations.ts'

const inputs = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const flow = flowOf(
  {
    start: { kind: 'start' },
    fetch: { kind: 'http', data: { url: 'https://example.com' } },
    check: { kind: 'if', data: { condition: '{{ prev.status === 200 }}' } },
    say: { kind: 'log', data: { message: 'x' } },
    sorry: { kind: 'log', data: { message: 'x' } },
  },
  ['start -> fetch', 'fetch -> check', 'check:true -> say', 'fetch:error -> sorry'],
  { inputs },
)

function runWith(output: Json): RunState {
  const bodies: EventBody[] = [
    { type: 'run.started', flow: 'a', name: 'A', flowHash: '', machine: '', input: { city: 'Oslo' } },
    { type: 'node.started', node: 'fetch', visit: 1 },
    { type: 'node.finished', node: 'fetch', visit: 1, port: 'out', output },
  ]
  return reduceRunAll(
    emptyRunState,
    bodies.map((body, index) => ({ runId: 'r', seq: index + 1, at: '2026-01-01T00:00:00Z', ...body })),
  )
}

const seen = runWith({ status: 200, headers: {}, body: { items: [{ id: 1 }] } })

describe('declarations of an expression’s scope', () => {
  it('name every node with the output its kind declares', () => {
    const text = declarationsFor(flow, 'say', emptyRunState)
    expect(text).toContain('declare const input: { "city": string }')
    expect(text).toMatch(/fetch: NodeScope<\{ "status": number; "headers": Record<string, string>; "body": any \}>/)
    for (const id of Object.keys(flow.nodes)) expect(text).toContain(`  ${id}: NodeScope<`)
  })

  it('add what was really seen where the kind leaves things open', () => {
    expect(declarationsFor(flow, 'say', seen)).toContain('"body": { "items": ({ "id": number })[] }')
  })
})

describe('the scope that completion offers', () => {
  it('gives prev the shape of the node before, through decisions, and that of a failure over an error edge', () => {
    expect([...shapeAt(scopeShape(flow, 'say', seen), ['prev', 'body', 'items', '0']).parts.keys()]).toEqual(['id'])
    expect([...shapeAt(scopeShape(flow, 'sorry', seen), ['prev']).parts.keys()]).toEqual([
      'code',
      'message',
      'retryable',
    ])
  })

  it('offers item and index only where something iterates', () => {
    expect(scopeShape(flow, 'say', seen).parts.has('item')).toBe(false)
    const each = flowOf({
      start: { kind: 'start' },
      a: { kind: 'log', data: { message: 'x' }, policy: { each: { items: [1] } } },
    })
    expect(scopeShape(each, 'a', seen).parts.has('item')).toBe(true)
  })
})
