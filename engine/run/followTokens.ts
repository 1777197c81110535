import type { RunStarted } from '../../model/events.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { PlannedNode } from '../compile/machine.ts'
import { advanceTokens } from './advanceTokens.ts'
import { record, type Fold } from './fold.ts'
import { cancelVisit } from './cancelVisits.ts'
import { iteratesOf, onScopeEnded } from './containers.ts'
import { enqueue } from './slots.ts'
import { nodeId, nodePath, scopeOf, type ActiveNode, type BodyState, type NodeValue, type RunState } from './state.ts'
import type { TokenCommand, TokenEvent } from './tokens.ts'
import { newVisit, nodeValue, plannedNode, prevOf, scopeState } from './visits.ts'

/** Moves the tokens on and does what they say. */
export function followTokens(fold: Fold, event: TokenEvent): void {
  const { state, commands } = advanceTokens(fold.machine, fold.state.tokens, event)
  fold.state.tokens = state
  for (const command of commands) obey(fold, command)
}

/** Starts (or, after a repair, starts again) the flow from its beginning. */
export function openRoot(fold: Fold): void {
  openRootScope(fold)
  followTokens(fold, { type: 'open', scope: '' })
}

function openRootScope(fold: Fold): void {
  const nodes = newRecord<NodeValue>()
  for (const id of Object.keys(fold.machine.meta.switchyard.nodes)) nodes[id] = newValue()
  fold.state.scopes.set('', { path: '', nodes, vars: newRecord(), entry: fold.state.input })
}

/**
 * Opens the scope of one run of a container's body. It reads the nodes outside as they stand, has values of its own for
 * those inside, and shares the variables unless it is one of many items. EXECUTION.md 4.5.
 */
export function openBody(fold: Fold, iteration: ActiveNode, owner: ActiveNode, body: BodyState, index: number): void {
  const outer = scopeState(fold.state, owner.scope)
  const nodes = Object.assign(newRecord<NodeValue>(), outer.nodes)
  const { nodes: planned } = fold.machine.meta.switchyard
  for (const [id, node] of Object.entries(planned)) {
    if (node.parent !== undefined && liesIn(planned, node.parent, owner.id)) nodes[id] = newValue()
  }
  const iterates = iteratesOf(owner)
  const item = body.items?.[index]
  fold.state.scopes.set(iteration.path, {
    ...{ path: iteration.path, nodes },
    vars: iterates === 'each' ? Object.assign(newRecord<Json>(), outer.vars) : outer.vars,
    entry: iterates === 'each' ? (item ?? null) : iterates === 'loop' ? body.last : owner.prev,
    ...(iterates === 'each' ? { item: item ?? null } : outer.item !== undefined && { item: outer.item }),
    ...(iterates !== 'once' ? { index } : outer.index !== undefined && { index: outer.index }),
  })
  followTokens(fold, { type: 'open', scope: iteration.path, container: owner.id })
}

function liesIn(planned: Readonly<Record<string, PlannedNode>>, parent: string, container: string): boolean {
  for (let id: string | undefined = parent; id !== undefined; id = planned[id]?.parent) {
    if (id === container) return true
  }
  return false
}

function newRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>
}

function newValue(): NodeValue {
  return { output: undefined, error: undefined, visits: 0 }
}

/** Starts one node alone; what it reads of others was given with the run. EXECUTION.md 9.3. */
export function startAlone(fold: Fold, id: string, given: RunStarted['given']): void {
  openRootScope(fold)
  for (const [other, output] of Object.entries(given?.outputs ?? {})) {
    if (Object.hasOwn(fold.machine.meta.switchyard.nodes, other))
      Object.assign(nodeValue(fold.state, other), { output, visits: 1 })
  }
  nodeValue(fold.state, id).visits = 1
  const node = newVisit(fold, id, 1, given?.prev ?? null)
  enqueue(fold, node)
}

function obey(fold: Fold, command: TokenCommand): void {
  const { state } = fold
  switch (command.type) {
    case 'start':
      return start(fold, command)
    case 'skip':
      return record(fold, {
        type: 'node.skipped',
        node: command.node,
        visit: nodeValue(state, command.node).visits + 1,
      })
    case 'cancel': {
      const node = state.active.get(command.node)
      return node ? cancelVisit(fold, node, 'no longer needed') : undefined
    }
    case 'exceed':
      return refuseVisit(fold, command.node, command.visit)
    case 'ended': {
      const result = resultOf(state, command)
      if (command.scope !== '') return onScopeEnded(fold, command.scope, result)
      return record(fold, { type: 'run.finished', output: result })
    }
  }
}

function start(fold: Fold, { node: path, visit, prev }: Extract<TokenCommand, { type: 'start' }>): void {
  const { state } = fold
  const scope = scopeOf(path)
  const node = newVisit(fold, path, visit, prevOf(state, scope, prev, scopeState(state, scope).entry))
  nodeValue(state, path).visits = visit
  node.isFresh = state.reuse !== undefined && prev.some((one) => state.fresh.has(nodePath(scope, nodeId(one.node))))
  enqueue(fold, node)
}

function refuseVisit(fold: Fold, path: string, visit: number): void {
  const { failurePort: port, policy } = plannedNode(fold, nodeId(path))
  const message = `${nodeId(path)} has started ${String(policy?.maxVisits ?? visit - 1)} times in this loop, as often as its maxVisits allows.`
  const error = { code: 'loop-limit', message, node: path, visit, retryable: false }
  record(fold, { type: 'node.failed', node: path, visit, error, ...(port !== undefined && { port }) })
}

/** The result of a scope: its `return`, else its leaves. EXECUTION.md 4.4. */
function resultOf(state: RunState, { scope, returned, leaves }: Extract<TokenCommand, { type: 'ended' }>): Json {
  const outputOf = (node: string): Json => nodeValue(state, nodePath(scope, nodeId(node))).output ?? null
  if (returned !== undefined) return outputOf(returned)
  const [only] = leaves
  if (only === undefined) return null
  if (leaves.length === 1) return outputOf(only)
  const all: JsonObject = {}
  for (const leaf of leaves) all[nodeId(leaf)] = outputOf(leaf)
  return all
}
