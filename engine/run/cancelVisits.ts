import { advanceTokens } from './advanceTokens.ts'
import { ask, record, type Fold } from './fold.ts'
import type { ActiveNode } from './state.ts'

/** Ends a visit without a result: what belongs to it first, then itself. */
export function cancelVisit(fold: Fold, node: ActiveNode, reason: string): void {
  if (node.isCancelled === true) return
  node.isCancelled = true
  for (const other of [...fold.state.active.values()]) {
    if (ownerOf(other) === node) cancelVisit(fold, other, reason)
  }
  if (node.iteration) closeScope(fold, node.path, reason)
  ask(fold, 'abort', node)
  record(fold, { type: 'node.cancelled', node: node.path, visit: node.visit, reason })
}

/** Gives a scope up with all that is unfinished in it. */
export function closeScope(fold: Fold, scope: string, reason: string): void {
  const { state, commands } = advanceTokens(fold.machine, fold.state.tokens, { type: 'close', scope })
  fold.state.tokens = state
  for (const command of commands) {
    const node = command.type === 'cancel' ? fold.state.active.get(command.node) : undefined
    if (node) cancelVisit(fold, node, reason)
  }
  fold.state.scopes.delete(scope)
}

/**
 * Ends the steps of an agent that has ended, or begins anew, without waiting for them. To a retry belongs no consent to
 * repeat an effect that was cut off and must not happen twice: the next attempt finds that step unknown.
 */
export function cancelCalls(fold: Fold, agent: ActiveNode): void {
  for (const other of [...fold.state.active.values()]) {
    if (other.call?.owner !== agent) continue
    if (agent.phase === 'retrying' && other.intent?.idempotent === false) becomeUnknown(fold, other, other.intent.key)
    else cancelVisit(fold, other, 'the agent went on without it')
  }
}

function becomeUnknown(fold: Fold, node: ActiveNode, key: string): void {
  if (node.phase !== 'running') return
  ask(fold, 'abort', node)
  record(fold, { type: 'node.unknown', node: node.path, visit: node.visit, key })
}

function ownerOf({ item, call, iteration }: ActiveNode): ActiveNode | undefined {
  return (item ?? call ?? iteration)?.owner
}
