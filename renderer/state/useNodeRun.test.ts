import { describe, expect, it } from 'vitest'
import type { Edge } from '../../model/edges.ts'
import type { EventBody, RunEvent } from '../../model/events.ts'
import { emptyRunState, reduceRunAll, type RunState } from '../../model/runState.ts'
import { cardRunOf, edgeRunOf, nodeRunView, nodeStateOf } from './useNodeRun.ts'

function run(...bodies: EventBody[]): RunState {
  const events = bodies.map((body, index): RunEvent => ({
    runId: 'r',
    seq: index + 1,
    at: new Date((index + 1) * 1000).toISOString(),
    ...body,
  }))
  return reduceRunAll(emptyRunState, events)
}

function edge(from: string, fromPort: string, to: string, toPort = 'in'): Edge {
  return { from, fromPort, to, toPort }
}

const start = (node: string): EventBody => ({ type: 'node.started', node, visit: 1 })
const finish = (node: string, port: string): EventBody => ({
  type: 'node.finished',
  node,
  visit: 1,
  port,
  output: null,
})
const error = { code: 'x', message: 'It broke.', retryable: false }

function viewOf(state: RunState, node: string) {
  const found = nodeStateOf(state, node)
  if (!found) throw new Error(`The run says nothing of ${node}.`)
  return nodeRunView(found)
}

describe('what a run says on the canvas', () => {
  it('leads a token along the chosen port and along no other', () => {
    const state = run(start('if1'), finish('if1', 'true'), start('log'), finish('log', 'out'))
    expect(edgeRunOf(state, edge('if1', 'true', 'log'), false)).toBe('taken')
    expect(edgeRunOf(state, edge('if1', 'false', 'fail'), false)).toBe('dead')
    expect(edgeRunOf(state, edge('other', 'out', 'log'), false)).toBeUndefined()
  })

  it('keeps the edge back as taken when a loop is left', () => {
    const again: EventBody[] = [
      { type: 'node.started', node: 'if1', visit: 2 },
      { type: 'node.finished', node: 'if1', visit: 2, port: 'false', output: null },
    ]
    const state = run(start('if1'), finish('if1', 'true'), ...again)
    expect(edgeRunOf(state, edge('if1', 'true', 'fetch'), false)).toBe('taken')
    expect(edgeRunOf(state, edge('if1', 'false', 'log'), false)).toBe('taken')
  })

  it('is active on the edge behind which a node works', () => {
    const state = run(start('a'), finish('a', 'out'), start('b'))
    expect(edgeRunOf(state, edge('a', 'out', 'b'), false)).toBe('active')
  })

  it('takes the error edge of a failure that the flow takes up, and none of one that it does not', () => {
    const handled = run(start('a'), { type: 'node.failed', node: 'a', visit: 1, error, port: 'error' })
    expect(edgeRunOf(handled, edge('a', 'error', 'b'), false)).toBe('taken')
    expect(edgeRunOf(handled, edge('a', 'out', 'c'), false)).toBe('dead')
    const fatal = run(start('a'), { type: 'node.failed', node: 'a', visit: 1, error })
    expect(edgeRunOf(fatal, edge('a', 'out', 'c'), false)).toBe('dead')
  })

  it('lights a supply edge while the agent calls the tool, and keeps it as taken', () => {
    const call: EventBody = {
      type: 'node.started',
      node: 'agent/call1',
      visit: 1,
      call: { type: 'tool', tool: 'fetch', turn: 1, callId: 'c' },
    }
    const during = run(start('agent'), call)
    expect(edgeRunOf(during, edge('fetch', 'out', 'agent', 'tools'), true)).toBe('active')
    const after = run(start('agent'), call, finish('agent/call1', 'out'))
    expect(edgeRunOf(after, edge('fetch', 'out', 'agent', 'tools'), true)).toBe('taken')
    expect(edgeRunOf(after, edge('other', 'out', 'agent', 'tools'), true)).toBeUndefined()
  })

  it('tells on a tool’s card of its last call, and of how many there were', () => {
    const call = (number: number): EventBody => ({
      type: 'node.started',
      node: `agent/call${number}`,
      visit: 1,
      call: { type: 'tool', tool: 'fetch', turn: 1, callId: `c${number}` },
    })
    const state = run(start('agent'), call(1), finish('agent/call1', 'out'), call(2))
    expect(cardRunOf(state, 'fetch')).toMatchObject({ status: 'running', visits: 2 })
    expect(cardRunOf(state, 'other')).toEqual({ status: 'idle' })
  })

  it('tells a wait for a person from a wait for time', () => {
    const person = run(start('ask'), { type: 'node.waiting', node: 'ask', visit: 1, reason: 'approval' })
    expect(viewOf(person, 'ask').status).toBe('human')
    const time = run(start('wait'), {
      type: 'node.waiting',
      node: 'wait',
      visit: 1,
      reason: 'timer',
      until: '2026-01-01T00:00:00.000Z',
    })
    expect(viewOf(time, 'wait')).toMatchObject({ status: 'waiting', dueAt: Date.parse('2026-01-01T00:00:00.000Z') })
  })

  it('gives the duration of what has ended and none of what was skipped', () => {
    const state = run(start('a'), finish('a', 'out'), { type: 'node.skipped', node: 'b', visit: 0 })
    expect(viewOf(state, 'a').durationMs).toBe(1000)
    expect(viewOf(state, 'b')).not.toHaveProperty('durationMs')
  })

  it('gives the same view for the same state, so that no card is drawn again for another', () => {
    const before = run(start('a'))
    const after = reduceRunAll(before, [
      { runId: 'r', seq: 2, at: new Date().toISOString(), type: 'node.started', node: 'b', visit: 1 },
    ])
    expect(viewOf(after, 'a')).toBe(viewOf(before, 'a'))
  })
})
