import type { Usage } from '../../model/events.ts'
import type { Json } from '../../model/json.ts'
import { failScope, undoNext } from './endRun.ts'
import { cancelCalls } from './cancelVisits.ts'
import { onIterationFailed, onIterationFinished } from './containers.ts'
import { onItemFailed, onItemFinished } from './eachItems.ts'
import { record, type EventOf, type Fold } from './fold.ts'
import { followTokens } from './followTokens.ts'
import { releaseSlot } from './slots.ts'
import { nodeId, scopeOf, type ActiveNode, type CallRecord, type RunState } from './state.ts'
import { nodeValue, plannedNode, scopeState } from './visits.ts'

/** Folds a result: keeps its values, then lets go on whatever the visit belongs to. */
export function onFinished(fold: Fold, node: ActiveNode, event: EventOf<'node.finished'>): void {
  const { state } = fold
  close(fold, node)
  setVars(state, node.scope, event.vars)
  if (event.usage) addUsage(state, event.usage)
  if (node.call) return keepCall(node.call, { output: event.output })
  if (node.item) return onItemFinished(fold, node, event.output)
  if (node.iteration) return onIterationFinished(fold, node, event)
  if (node.undoes) return undoNext(fold)
  const value = nodeValue(state, node.path)
  value.output = event.output
  value.error = undefined
  noteFreshness(state, node)
  noteUndoable(state, node, event.output)
  if (state.only !== undefined) return record(fold, { type: 'run.finished', output: event.output })
  followTokens(fold, { type: 'finished', node: node.path, visit: node.visit, port: event.port })
}

/**
 * Folds a failure that is final. `active` holds no visit where a loop's header was refused its next start, which is
 * a failure all the same (EXECUTION.md 3.6).
 */
export function onFailed(fold: Fold, event: EventOf<'node.failed'>): void {
  const { state } = fold
  const node = state.active.get(event.node)
  if (node && node.visit !== event.visit) return
  if (state.status === 'ending' && !node?.undoes) return
  if (node) {
    close(fold, node)
    if (node.call) return keepCall(node.call, { error: event.error })
    if (node.item) return onItemFailed(fold, node, event)
    if (node.iteration) return onIterationFailed(fold, node, event.error)
    if (node.undoes) return undoNext(fold)
    noteFreshness(state, node)
  }
  goOnAfterFailure(fold, event)
}

function goOnAfterFailure(fold: Fold, event: EventOf<'node.failed'>): void {
  const { state } = fold
  const value = nodeValue(state, event.node)
  value.error = event.error
  if (event.port === undefined || state.only !== undefined) return failScope(fold, scopeOf(event.node), event.error)
  if (event.port !== 'error') value.output = null
  followTokens(fold, { type: 'finished', node: event.node, visit: event.visit, port: event.port })
}

function close(fold: Fold, node: ActiveNode): void {
  fold.state.active.delete(node.path)
  releaseSlot(fold, node)
  if (node.planned.role?.type === 'agent') cancelCalls(fold, node)
}

function keepCall({ owner, number, what }: NonNullable<ActiveNode['call']>, result: CallRecord['result']): void {
  owner.calls ??= new Map()
  owner.calls.set(number, { what, result })
}

function setVars(state: RunState, scope: string, vars: Readonly<Record<string, Json>> | undefined): void {
  if (vars) Object.assign(scopeState(state, scope).vars, vars)
}

function noteFreshness(state: RunState, node: ActiveNode): void {
  if (!state.reuse) return
  if (node.isFresh) state.fresh.add(node.path)
  else state.fresh.delete(node.path)
}

function noteUndoable(state: RunState, node: ActiveNode, output: Json): void {
  const compensator = node.planned.policy?.compensate
  if (compensator === undefined) return
  state.undoable.push({ path: node.path, visit: node.visit, compensator, scope: scopeState(state, node.scope), output })
}

function addUsage(state: RunState, usage: Usage): void {
  const cost = (state.usage.cost ?? 0) + (usage.cost ?? 0)
  state.usage = {
    inputTokens: state.usage.inputTokens + usage.inputTokens,
    outputTokens: state.usage.outputTokens + usage.outputTokens,
    ...(cost > 0 && { cost }),
  }
}

/** The port on which the flow goes on after this failure; undefined where it is fatal to its scope. */
export function failurePortOf(fold: Pick<Fold, 'machine'>, path: string): string | undefined {
  return plannedNode(fold, nodeId(path)).failurePort
}
