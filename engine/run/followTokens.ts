import type { RunStarted } from '../../model/events.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { advanceTokens } from './advanceTokens.ts'
import { record, type Fold } from './fold.ts'
import { enqueue } from './slots.ts'
import { nodeId, nodePath, scopeOf, type NodeValue, type RunState } from './state.ts'
import type { TokenCommand, TokenEvent } from './tokens.ts'
import { cancelVisit, newVisit, nodeValue, plannedNode, prevOf } from './visits.ts'

/** Moves the tokens on and does what they say. */
export function followTokens(fold: Fold, event: TokenEvent): void {
  const { state, commands } = advanceTokens(fold.machine, fold.state.tokens, event)
  fold.state.tokens = state
  for (const command of commands) obey(fold, command)
}

/** Starts (or, after a repair, starts again) the flow from its beginning. */
export function openRoot(fold: Fold): void {
  openScope(fold)
  followTokens(fold, { type: 'open', scope: '' })
}

function openScope(fold: Fold): void {
  const nodes: Record<string, NodeValue> = Object.create(null) as Record<string, NodeValue>
  for (const id of Object.keys(fold.machine.meta.switchyard.nodes))
    nodes[id] = { output: undefined, error: undefined, visits: 0 }
  const vars = Object.create(null) as Record<string, Json>
  fold.state.scopes.set('', { path: '', nodes, vars })
}

/** Starts one node alone; what it reads of others was given with the run. EXECUTION.md 9.3. */
export function startAlone(fold: Fold, id: string, given: RunStarted['given']): void {
  openScope(fold)
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
    case 'ended':
      return record(fold, { type: 'run.finished', output: resultOf(state, command) })
  }
}

function start(fold: Fold, { node: path, visit, prev }: Extract<TokenCommand, { type: 'start' }>): void {
  const { state } = fold
  const scope = scopeOf(path)
  const node = newVisit(fold, path, visit, prevOf(state, scope, prev, state.input))
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
