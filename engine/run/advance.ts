import type { RunEvent } from '../../model/events.ts'
import type { Failure } from '../../model/failure.ts'
import type { FlowMachine } from '../compile/machine.ts'
import type { Command } from './commands.ts'
import { onFailed, onFinished } from './endVisit.ts'
import { cancelCalls } from './cancelVisits.ts'
import { iteratesOf, startBody } from './containers.ts'
import { ask, record, type EventOf, type Fold } from './fold.ts'
import { startNextItems } from './eachItems.ts'
import { endRun } from './endRun.ts'
import { failureEvent } from './failures.ts'
import { findReuse, callKind } from './reuse.ts'
import { goOnSignal } from './pause.ts'
import { askAttempt, enqueue, fillSlots, goOnFromPause, releaseSlot } from './slots.ts'
import { openBody, openRoot, startAlone } from './followTokens.ts'
import type { ActiveNode, RunState } from './state.ts'
import { newCall, newIteration } from './visits.ts'

export interface Advanced {
  readonly state: RunState
  readonly commands: readonly Command[]
}

/**
 * The pure core: folds one event into a run's state and says what is to be done next. No I/O, no time, no chance: equal
 * logs give equal states and equal commands. Owns `state` (see {@link RunState}). `machine` is the one the run is
 * pinned to at this event, so for `run.repaired` the new one. EXECUTION.md 8.3.
 */
export function advance(machine: FlowMachine, state: RunState, event: RunEvent): Advanced {
  const fold: Fold = { machine, state, at: event.at, commands: [] }
  state.seq = event.seq
  if (event.type !== 'run.waiting' && state.status === 'waiting') wakeUp(state)
  apply(fold, event)
  fillSlots(fold)
  return { state, commands: fold.commands }
}

function wakeUp(state: RunState): void {
  state.status = 'running'
  state.waitingOn = []
}

function apply(fold: Fold, event: RunEvent): void {
  switch (event.type) {
    case 'run.started':
      fold.state.startedAt = event.at
      return event.only === undefined ? openRoot(fold) : startAlone(fold, event.only, event.given)
    case 'run.repaired':
      return openRoot(fold)
    case 'run.finished':
    case 'run.failed':
    case 'run.cancelled':
      return endRun(fold, event)
    case 'run.waiting':
      fold.state.status = 'waiting'
      fold.state.waitingOn = event.on
      return
    case 'node.skipped':
    case 'log':
      return
    case 'signal.received':
      return event.name === goOnSignal ? goOnFromPause(fold) : undefined
    case 'node.started':
      return onStarted(fold, event)
    case 'node.failed':
      return onFailed(fold, event)
    default:
      return applyToVisit(fold, event)
  }
}

type VisitEvent = EventOf<
  | 'node.finished'
  | 'node.retrying'
  | 'node.cancelled'
  | 'node.waiting'
  | 'node.unknown'
  | 'effect.intended'
  | 'timer.set'
  | 'timer.fired'
>

/** Events of a visit that is over are of no consequence: a result may come after its node was cancelled. */
function applyToVisit(fold: Fold, event: VisitEvent): void {
  const node = fold.state.active.get(event.node)
  if (node?.visit !== event.visit) return
  switch (event.type) {
    case 'node.finished':
      return onFinished(fold, node, event)
    case 'node.retrying':
      return onRetrying(fold, node, event)
    case 'effect.intended':
      return onIntended(fold, node, event)
    case 'node.cancelled':
      fold.state.active.delete(node.path)
      return releaseSlot(fold, node)
    case 'node.waiting':
      return park(fold, node, 'waiting')
    case 'node.unknown':
      node.intent = { key: event.key, idempotent: false, at: event.at }
      return park(fold, node, 'unknown')
    case 'timer.set':
      return onTimerSet(fold, node, event)
    case 'timer.fired':
      return onTimerFired(fold, node)
  }
}

function park(fold: Fold, node: ActiveNode, phase: 'waiting' | 'unknown' | 'retrying'): void {
  node.phase = phase
  releaseSlot(fold, node)
}

function onStarted(fold: Fold, event: EventOf<'node.started'>): void {
  const node = event.call
    ? startCall(fold, event, event.call)
    : (fold.state.active.get(event.node) ?? startIteration(fold, event))
  if (node?.visit !== event.visit) return
  node.startedAt = event.at
  const isStandIn = node.planned.pin !== undefined || node.planned.disabled !== undefined
  // Its settings could not be evaluated: the failure follows.
  if (event.data === undefined && event.call?.type !== 'model' && !isStandIn) return
  node.data = event.data ?? null
  node.phase = 'due'
  if (isStandIn) return
  if (takeRecorded(fold, node)) return
  if (node.iteration) return beginIteration(fold, node, node.iteration)
  if (node.planned.policy?.each && !node.item && !node.call) return startNextItems(fold, node)
  if (iteratesOf(node) !== undefined) return startBody(fold, node)
  askAttempt(fold, node)
}

function startCall(
  fold: Fold,
  event: EventOf<'node.started'>,
  call: NonNullable<EventOf<'node.started'>['call']>,
): ActiveNode | undefined {
  const owner = fold.state.active.get(event.node.slice(0, event.node.lastIndexOf('/call')))
  return owner && newCall(fold, owner, { ...event, call })
}

function startIteration(fold: Fold, event: EventOf<'node.started'>): ActiveNode | undefined {
  const bracket = event.node.lastIndexOf('[')
  const owner = event.node.endsWith(']') ? fold.state.active.get(event.node.slice(0, bracket)) : undefined
  return owner?.body && newIteration(fold, owner, Number(event.node.slice(bracket + 1, -1)))
}

function beginIteration(fold: Fold, node: ActiveNode, { index, owner }: NonNullable<ActiveNode['iteration']>): void {
  node.phase = 'supervising'
  if (!owner.body) return
  owner.body.next = Math.max(owner.body.next, index + 1)
  delete owner.body.deciding
  openBody(fold, node, owner, owner.body, index)
}

/** Takes the outcome that an earlier attempt of the run recorded for this visit. EXECUTION.md 5.3. */
function takeRecorded(fold: Fold, node: ActiveNode): boolean {
  const table = fold.state.reuse
  if (!table || node.isFresh) return false
  const kind = node.call ? callKind(node.call.what) : node.planned.kind
  const outcome = findReuse(table, node.path, node.visit, kind, node.data)
  const place = { node: node.path, visit: node.visit }
  switch (outcome?.type) {
    case 'finished': {
      // What it used is counted already, or was the run's that this one was forked from.
      const { type: _type, usage: _usage, ...result } = outcome
      record(fold, { type: 'node.finished', ...place, ...result, source: 'reused' })
      return true
    }
    case 'failed':
      record(fold, { type: 'node.failed', ...place, error: outcome.error, port: outcome.port })
      return true
    case 'unknown':
      record(fold, { type: 'node.unknown', ...place, key: outcome.key })
      return true
    case 'unfinished':
      node.reusesCalls = true
      node.isFresh = node.planned.policy?.each === undefined && iteratesOf(node) === undefined
      return false
    case undefined:
      node.isFresh = true
      return false
  }
}

function onIntended(fold: Fold, node: ActiveNode, event: EventOf<'effect.intended'>): void {
  node.intent = { key: event.key, idempotent: event.idempotent, at: event.at }
  node.attempt = event.attempt
  node.phase = 'running'
  ask(fold, 'effect', node)
}

function onRetrying(fold: Fold, node: ActiveNode, event: EventOf<'node.retrying'>): void {
  delete node.intent
  node.attempt = event.attempt
  node.timer = { id: 'retry', fireAt: event.resumeAt }
  park(fold, node, 'retrying')
  if (node.planned.role?.type === 'agent' && !node.call) cancelCalls(fold, node)
  askTimer(fold, node)
}

function onTimerSet(fold: Fold, node: ActiveNode, event: EventOf<'timer.set'>): void {
  node.timer = { id: event.timer, fireAt: event.fireAt }
  if (node.planned.role?.type === 'wait') {
    record(fold, { type: 'node.waiting', node: node.path, visit: node.visit, reason: 'timer', until: event.fireAt })
  }
  askTimer(fold, node)
}

export function askTimer(fold: Pick<Fold, 'commands'>, node: ActiveNode): void {
  if (node.timer)
    fold.commands.push({
      type: 'timer',
      node: node.path,
      visit: node.visit,
      timer: node.timer.id,
      fireAt: node.timer.fireAt,
    })
}

function onTimerFired(fold: Fold, node: ActiveNode): void {
  const isOverdue = node.timer?.id === 'timeout'
  delete node.timer
  if (node.phase === 'retrying') return retryNow(fold, node)
  if (isOverdue) return record(fold, failureEvent(node, overdue(node), { now: Date.parse(fold.at), random: 0 }))
  const waitedMs = Math.max(0, Date.parse(fold.at) - Date.parse(node.startedAt))
  record(fold, {
    type: 'node.finished',
    node: node.path,
    visit: node.visit,
    port: node.planned.ports[0] ?? 'out',
    output: { waitedMs },
  })
}

/** A wait that its policy's timeout cut short: an attempt like any other. */
function overdue(node: ActiveNode): Failure {
  const { path, visit, attempt, planned } = node
  const message = `The attempt took longer than its timeout of ${String(planned.policy?.timeoutMs)} ms.`
  return { code: 'timeout', message, node: path, visit, attempt, retryable: true }
}

/** Items and steps share a slot that is still held; the others get back in line. */
function retryNow(fold: Fold, node: ActiveNode): void {
  if (!node.item && !node.call && !node.undoes) return enqueue(fold, node)
  askAttempt(fold, node)
}
