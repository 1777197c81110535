import type { Failure } from '../../model/failure.ts'
import { cancelVisit } from './cancelVisits.ts'
import { ask, record, type EventOf, type Fold } from './fold.ts'
import { newCompensation } from './visits.ts'

/** How a run ends: by its result, by a failure and what is undone after it, or by being cancelled. */

/** A failure that nothing in its scope takes up. It is for the container around, or ends the run; a bug always does. */
export function failScope(fold: Fold, scope: string, error: Failure): void {
  const iteration = scope === '' || error.code === 'internal-error' ? undefined : fold.state.active.get(scope)
  if (!iteration) return failRun(fold, error)
  record(fold, { type: 'node.failed', node: scope, visit: iteration.visit, error })
}

/** Cancels what runs, then undoes what can be undone, newest first, then fails. EXECUTION.md 5.2. */
function failRun(fold: Fold, error: Failure): void {
  const { state } = fold
  state.status = 'ending'
  state.error = error
  for (const node of [...state.active.values()]) {
    if (!node.item && !node.call && !node.iteration) cancelVisit(fold, node, 'the run failed')
  }
  undoNext(fold)
}

/** Starts the next compensator; fails the run where none is left. */
export function undoNext(fold: Fold): void {
  const { state } = fold
  const undone = state.undoable.pop()
  if (undone) {
    const node = newCompensation(fold, undone)
    node.phase = 'evaluating'
    return ask(fold, 'evaluate', node)
  }
  if (state.error) record(fold, { type: 'run.failed', error: state.error })
}

/** Folds the end of the run. Nothing may run any more, whatever was under way. */
export function endRun(fold: Fold, event: EventOf<'run.finished' | 'run.failed' | 'run.cancelled'>): void {
  const { state } = fold
  for (const node of state.active.values()) ask(fold, 'abort', node)
  state.active.clear()
  state.queue.length = 0
  state.queueHead = 0
  state.running = 0
  state.waitingOn = []
  if (event.type === 'run.finished') {
    state.status = 'completed'
    state.output = event.output
  } else if (event.type === 'run.failed') {
    state.status = 'failed'
    state.error = event.error
  } else state.status = 'cancelled'
}
