import type { Json } from '../../model/json.ts'
import { pausedNodes } from './pause.ts'
import type { RunResult } from './runHost.ts'
import type { RunState } from './state.ts'

export function hasEnded({ status }: RunState): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

/** A run's result as it stands at `now` (ISO 8601). */
export function resultOf(state: RunState, now: string): RunResult {
  const { status, error, usage, runId, startedAt } = state
  const output: Json = status === 'completed' ? state.output : null
  return {
    runId,
    status: status === 'ending' ? 'running' : status,
    output,
    ...(error && status === 'failed' && { error }),
    ...(usage.inputTokens + usage.outputTokens > 0 && { usage }),
    durationMs: Math.max(0, Date.parse(now) - Date.parse(startedAt)),
    ...(status === 'waiting' && { waitingOn: state.waitingOn, pausedAt: pausedNodes(state).map(({ path }) => path) }),
  }
}
