import { describe, expect, it } from 'vitest'
import type { EventBody, RunEvent } from '../../model/events.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { createRunStore } from './runStore.ts'

const summary: RunSummary = {
  runId: 'r1',
  flow: 'a.flow.json',
  name: 'A',
  status: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
}

function event(seq: number, body: EventBody): RunEvent {
  return { runId: 'r1', seq, at: new Date(seq * 1000).toISOString(), ...body }
}

const started = event(1, {
  type: 'run.started',
  flow: 'a.flow.json',
  name: 'A',
  flowHash: 'f',
  machine: 'm',
  input: {},
})
const first = event(2, { type: 'node.started', node: 'fetch', visit: 1 })
const done = event(3, { type: 'node.finished', node: 'fetch', visit: 1, port: 'out', output: 7 })

function storeWithFrames() {
  const frames: (() => void)[] = []
  const store = createRunStore((callback) => frames.push(callback))
  store.getState().opened(summary, [started], '{}')
  const frame = () => {
    for (const callback of frames.splice(0)) callback()
  }
  const run = () => {
    const known = store.getState().runs['r1']
    if (!known) throw new Error('The run is not open.')
    return known
  }
  return { store, frame, frames, run, actions: store.getState() }
}

describe('runStore', () => {
  it('folds what arrived once per frame', () => {
    const { store, frame, frames, run, actions } = storeWithFrames()
    let changes = 0
    store.subscribe(() => (changes += 1))
    actions.receive('r1', [first])
    actions.receive('r1', [done])
    expect(run().state.nodes['fetch']).toBeUndefined()
    expect(frames).toHaveLength(1)
    frame()
    expect(run().state.nodes['fetch']).toMatchObject({ status: 'done', output: 7 })
    expect(changes).toBe(1)
  })

  it('takes no event twice, and tells of a gap', () => {
    const { frame, run, actions } = storeWithFrames()
    actions.receive('r1', [started, first])
    frame()
    expect(run().events.map(({ seq }) => seq)).toEqual([1, 2])
    expect(run().gap).toBe(false)
    actions.receive('r1', [event(5, { type: 'run.finished', output: null })])
    frame()
    expect(run().gap).toBe(true)
    expect(run().events).toHaveLength(2)
  })

  it('joins streamed text, and begins anew with the next visit', () => {
    const { frame, run, actions } = storeWithFrames()
    actions.progress([{ runId: 'r1', node: 'write', visit: 1, text: 'Hel' }])
    actions.progress([{ runId: 'r1', node: 'write', visit: 1, text: 'lo', status: 'turn 1 of 2' }])
    frame()
    expect(run().streams['write']).toEqual({ visit: 1, text: 'Hello', status: 'turn 1 of 2' })
    actions.progress([{ runId: 'r1', node: 'write', visit: 2, text: 'New' }])
    frame()
    expect(run().streams['write']).toEqual({ visit: 2, text: 'New' })
  })

  it('shows the past as it was, while the run goes on', () => {
    const { store, frame, run, actions } = storeWithFrames()
    actions.receive('r1', [first])
    frame()
    actions.viewPast('r1', 2)
    actions.receive('r1', [done])
    frame()
    expect(store.getState().past?.state.nodes['fetch']?.status).toBe('running')
    expect(run().state.nodes['fetch']?.status).toBe('done')
    actions.viewPast('r1', undefined)
    expect(store.getState().past).toBeUndefined()
  })

  it('marks live runs as lost when the engine goes, and found when it speaks again', () => {
    const { frame, run, actions } = storeWithFrames()
    actions.engineLost()
    expect(run().lost).toBe(true)
    actions.receive('r1', [first])
    frame()
    expect(run().lost).toBe(false)
  })

  it('lists runs newest first', () => {
    const { store, actions } = storeWithFrames()
    actions.setList([summary])
    actions.summaryChanged({ ...summary, runId: 'r2', startedAt: '2026-01-02T00:00:00.000Z' })
    expect(store.getState().list.map(({ runId }) => runId)).toEqual(['r2', 'r1'])
  })
})
