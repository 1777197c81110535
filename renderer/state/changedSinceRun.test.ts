import { describe, expect, it } from 'vitest'
import type { FlowNode } from '../../model/document.ts'
import { changedSince } from './changedSinceRun.ts'

const text = JSON.stringify({
  format: 'switchyard.flow/1',
  name: 'Test',
  nodes: { fetch: { kind: 'http', label: 'Fetch', data: { url: 'http://a', method: 'GET' } } },
  edges: [],
})

function node(rest: Partial<FlowNode> = {}): FlowNode {
  return { kind: 'http', label: 'Fetch', data: { method: 'GET', url: 'http://a' }, ...rest }
}

describe('changedSince', () => {
  it('sees another setting, another policy, and a node that is new', () => {
    expect(changedSince('fetch', node({ data: { url: 'http://b', method: 'GET' } }), text)).toBe(true)
    expect(changedSince('fetch', node({ policy: { timeout: '3s' } }), text)).toBe(true)
    expect(changedSince('other', node(), text)).toBe(true)
  })

  it('sees no change in an equal node, nor in a new label', () => {
    expect(changedSince('fetch', node(), text)).toBe(false)
    expect(changedSince('fetch', node({ label: 'Get it' }), text)).toBe(false)
  })

  it('claims nothing where the run’s flow cannot be read', () => {
    expect(changedSince('fetch', node(), 'no flow')).toBe(false)
  })
})
