import type { EventBody } from '../../model/events.ts'
import type { Failure } from '../../model/failure.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { cancelVisit, closeScope } from './cancelVisits.ts'
import { ask, record, type EventOf, type Fold } from './fold.ts'
import { releaseSlot } from './slots.ts'
import { failureJson } from './visits.ts'
import type { ActiveNode, BodyState } from './state.ts'

/**
 * Containers: nodes with a body that runs in scopes of its own. Each run of the body is logged like a node, under the
 * container's path with the iteration in brackets, which is the scope's path as well. EXECUTION.md 4.
 */

/** Live bodies of one container. EXECUTION.md 10.2. */
const mostAtOnce = 64
/** Iterations of a loop that names no `max`. */
const defaultMax = 1000

/** Begins with the body once the container's settings are known. A container holds no slot: its nodes do. */
export function startBody(fold: Fold, owner: ActiveNode): void {
  owner.phase = 'supervising'
  releaseSlot(fold, owner)
  const items = setting(owner, 'items')
  if (iteratesOf(owner) === 'each' && !Array.isArray(items)) {
    return failContainer(fold, owner, failure(owner, 'bad-items', 'The items of this node must be a list.'))
  }
  owner.body = { results: [], next: 0, done: 0, last: owner.prev, ...(Array.isArray(items) && { items }) }
  goOn(fold, owner, owner.body)
}

/** A scope has ended with this result; a loop asks its `until` before the iteration counts as finished. */
export function onScopeEnded(fold: Fold, scope: string, result: Json): void {
  const iteration = fold.state.active.get(scope)
  const owner = iteration?.iteration?.owner
  if (!iteration || !owner?.body) return
  if (iteratesOf(owner) === 'loop' && hasSetting(owner, 'until')) {
    owner.body.last = result
    owner.body.deciding = 'until'
    return ask(fold, 'decide', owner)
  }
  record(fold, { type: 'node.finished', node: scope, visit: iteration.visit, port: 'out', output: result })
}

/** The event that follows from a condition's value. */
export function decisionEvent(owner: ActiveNode, body: BodyState, isTrue: boolean): EventBody {
  if (body.deciding === 'until') {
    const node = `${owner.path}[${String(body.next - 1)}]`
    return { type: 'node.finished', node, visit: owner.visit, port: isTrue ? stopPort : 'out', output: body.last }
  }
  if (!isTrue)
    return {
      type: 'node.finished',
      node: owner.path,
      visit: owner.visit,
      port: 'out',
      output: body.next === 0 ? null : body.last,
    }
  if (body.next >= maxOf(owner)) return failedEvent(owner, limitFailure(owner))
  return iterationStarted(owner, body.next)
}

/** Port of a loop's iteration after which there is no other. */
const stopPort = 'stop'

export function onIterationFinished(fold: Fold, node: ActiveNode, event: EventOf<'node.finished'>): void {
  const owner = node.iteration?.owner
  if (!node.iteration || !owner?.body || owner.isCancelled === true) return
  const { body } = owner
  fold.state.scopes.delete(node.path)
  delete body.deciding
  if (event.source !== 'reused') owner.isFresh = true
  keepResult(body, node.iteration.index, event.output)
  if (event.port === stopPort) return finishContainer(fold, owner, 'out', body.last)
  goOn(fold, owner, body)
}

/** A failure that nothing inside takes up: the container's to deal with. */
export function onIterationFailed(fold: Fold, node: ActiveNode, error: Failure): void {
  const owner = node.iteration?.owner
  closeScope(fold, node.path, 'another node of its scope failed')
  if (!node.iteration || !owner?.body || owner.isCancelled === true) return
  owner.isFresh = true
  if (iteratesOf(owner) === 'once') return finishContainer(fold, owner, 'caught', failureJson(error))
  if (iteratesOf(owner) === 'each' && setting(owner, 'onItemError') === 'collect') {
    keepResult(owner.body, node.iteration.index, { error: failureJson(error) })
    return goOn(fold, owner, owner.body)
  }
  for (const other of [...fold.state.active.values()]) {
    if (other.iteration?.owner === owner) cancelVisit(fold, other, 'another iteration failed')
  }
  failContainer(fold, owner, error)
}

function keepResult(body: BodyState, index: number, result: Json): void {
  body.results[index] = result
  body.last = result
  body.done++
}

function goOn(fold: Fold, owner: ActiveNode, body: BodyState): void {
  switch (iteratesOf(owner)) {
    case 'each':
      return startItems(fold, owner, body)
    case 'loop':
      return startRound(fold, owner, body)
    case 'once':
    case undefined:
      return body.done > 0 ? finishContainer(fold, owner, 'out', body.last) : record(fold, iterationStarted(owner, 0))
  }
}

function startItems(fold: Fold, owner: ActiveNode, body: BodyState): void {
  const { items = [] } = body
  const limit = Math.min(mostAtOnce, positive(setting(owner, 'concurrency'), 1))
  while (body.next < items.length && body.next - body.done < limit) record(fold, iterationStarted(owner, body.next++))
  if (body.done === items.length) finishContainer(fold, owner, 'out', body.results)
}

function startRound(fold: Fold, owner: ActiveNode, body: BodyState): void {
  if (hasSetting(owner, 'while')) {
    body.deciding = 'while'
    return ask(fold, 'decide', owner)
  }
  const times = setting(owner, 'times')
  if (typeof times === 'number' && body.next >= times)
    return finishContainer(fold, owner, 'out', body.done === 0 ? null : body.last)
  if (body.next >= maxOf(owner)) return failContainer(fold, owner, limitFailure(owner))
  record(fold, iterationStarted(owner, body.next))
}

function finishContainer(fold: Fold, owner: ActiveNode, port: string, output: Json): void {
  record(fold, { type: 'node.finished', node: owner.path, visit: owner.visit, port, output })
}

function failContainer(fold: Fold, owner: ActiveNode, error: Failure): void {
  record(fold, failedEvent(owner, error))
}

function failedEvent(owner: ActiveNode, error: Failure): EventBody {
  const port = owner.item || owner.undoes || error.code === 'internal-error' ? undefined : owner.planned.failurePort
  return { type: 'node.failed', node: owner.path, visit: owner.visit, error, ...(port !== undefined && { port }) }
}

function iterationStarted(owner: ActiveNode, index: number): EventBody {
  const item = owner.body?.items?.[index]
  const data = { index, ...(item !== undefined && { item }) }
  return { type: 'node.started', node: `${owner.path}[${String(index)}]`, visit: owner.visit, data }
}

function limitFailure(owner: ActiveNode): Failure {
  return failure(owner, 'loop-limit', `The loop ran ${String(maxOf(owner))} times, as often as its "max" allows.`)
}

function failure(owner: ActiveNode, code: string, message: string): Failure {
  return { code, message, node: owner.path, visit: owner.visit, retryable: false }
}

function maxOf(owner: ActiveNode): number {
  return positive(setting(owner, 'max'), defaultMax)
}

function positive(value: Json | undefined, fallback: number): number {
  return typeof value === 'number' && value >= 1 ? value : fallback
}

export function iteratesOf(node: ActiveNode): 'each' | 'loop' | 'once' | undefined {
  const { role } = node.planned
  return role?.type === 'container' ? role.iterates : undefined
}

function setting(owner: ActiveNode, name: string): Json | undefined {
  return isJsonObject(owner.data) ? owner.data[name] : undefined
}

/** Whether a condition is set; its template is evaluated round by round and is not among the evaluated settings. */
function hasSetting(owner: ActiveNode, name: 'while' | 'until'): boolean {
  return owner.planned.data[name] !== undefined && owner.planned.data[name] !== null
}
