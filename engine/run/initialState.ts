import type { RunEvent } from '../../model/events.ts'
import type { ReuseTable } from './reuse.ts'
import type { RunState } from './state.ts'

/** The state before `run.started` is folded. `reuse`: what the run this one was forked from had recorded. */
export function initialState(started: Extract<RunEvent, { type: 'run.started' }>, reuse?: ReuseTable): RunState {
  return {
    runId: started.runId,
    input: isRecord(started.input) ? started.input : {},
    startedAt: started.at,
    seq: 0,
    status: 'running',
    tokens: { scopes: {} },
    scopes: new Map(),
    active: new Map(),
    queue: [],
    queueHead: 0,
    running: 0,
    undoable: [],
    output: null,
    usage: { inputTokens: 0, outputTokens: 0 },
    repairs: 0,
    reuse,
    fresh: new Set(),
    ...(started.only !== undefined && { only: started.only }),
    pauseAt: started.pauseAt,
    waitingOn: [],
  }
}

/** The state before `run.repaired` is folded: the run starts over, with all it has recorded to take from. */
export function repairedState(state: RunState, reuse: ReuseTable): RunState {
  const { runId, input, startedAt, seq, usage, repairs, only } = state
  return {
    ...{ runId, input, startedAt, seq, usage, reuse },
    status: 'running',
    tokens: { scopes: {} },
    scopes: new Map(),
    active: new Map(),
    queue: [],
    queueHead: 0,
    running: 0,
    undoable: [],
    output: null,
    repairs: repairs + 1,
    fresh: new Set(),
    ...(only !== undefined && { only }),
    pauseAt: undefined,
    waitingOn: [],
  }
}

function isRecord(value: unknown): value is RunState['input'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
