import type { RunEvent } from '../../model/events.ts'
import type { ReuseTable } from './reuse.ts'
import type { RunState } from './state.ts'

type Kept = Pick<RunState, 'runId' | 'input' | 'startedAt' | 'seq' | 'usage' | 'repairs' | 'reuse' | 'pauseAt' | 'only'>

/** The state before `run.started` is folded. `reuse`: what the run this one was forked from had recorded. */
export function initialState(started: Extract<RunEvent, { type: 'run.started' }>, reuse?: ReuseTable): RunState {
  return beginning({
    runId: started.runId,
    input: isRecord(started.input) ? started.input : {},
    startedAt: started.at,
    seq: 0,
    usage: { inputTokens: 0, outputTokens: 0 },
    repairs: 0,
    reuse,
    pauseAt: started.pauseAt,
    ...(started.only !== undefined && { only: started.only }),
  })
}

/** The state before `run.repaired` is folded: the run starts over, with all it has recorded to take from. */
export function repairedState(state: RunState, reuse: ReuseTable): RunState {
  const { runId, input, startedAt, seq, usage, repairs, only } = state
  return beginning({
    ...{ runId, input, startedAt, seq, usage, reuse },
    repairs: repairs + 1,
    pauseAt: undefined,
    ...(only !== undefined && { only }),
  })
}

function beginning(kept: Kept): RunState {
  return {
    ...kept,
    status: 'running',
    tokens: { scopes: {} },
    scopes: new Map(),
    active: new Map(),
    queue: [],
    queueHead: 0,
    running: 0,
    undoable: [],
    output: null,
    fresh: new Set(),
    waitingOn: [],
  }
}

function isRecord(value: unknown): value is RunState['input'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
