import type { AgentCall } from '../../model/events.ts'
import type { Failure } from '../../model/failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { PlannedNode } from '../compile/machine.ts'
import type { EventOf, Fold } from './fold.ts'
import {
  nodeId,
  nodePath,
  scopeOf,
  type ActiveNode,
  type NodeValue,
  type RunState,
  type ScopeState,
  type Undoable,
} from './state.ts'
import type { Predecessor } from './tokens.ts'

/** Makes the visits under way: of nodes, of items of `each`, of an agent's steps, of compensators. */

/** The node the machine plans under this id. Throws where there is none: the compiler let it through. */
export function plannedNode(fold: Pick<Fold, 'machine'>, id: string): PlannedNode {
  const { nodes } = fold.machine.meta.switchyard
  const planned = Object.hasOwn(nodes, id) ? nodes[id] : undefined
  if (!planned) throw new Error(`the machine has no node ${id}`)
  return planned
}

export function scopeState(state: RunState, path: string): ScopeState {
  const scope = state.scopes.get(path)
  if (!scope) throw new Error(`the scope "${path}" is not open`)
  return scope
}

/** What expressions read of a node; every node of an open scope has one. */
export function nodeValue(state: RunState, path: string): NodeValue {
  const value = scopeState(state, scopeOf(path)).nodes[nodeId(path)]
  if (!value) throw new Error(`the node ${path} is not in its scope`)
  return value
}

export function newVisit(fold: Fold, path: string, visit: number, prev: Json): ActiveNode {
  const id = nodeId(path)
  const node: ActiveNode = {
    ...blankVisit(fold, path, visit, prev),
    id,
    scope: scopeOf(path),
    planned: plannedNode(fold, id),
  }
  fold.state.active.set(path, node)
  return node
}

/** One item of a node under `each`; it shares the owner's slot. */
export function newItem(fold: Fold, owner: ActiveNode, index: number, value: Json): ActiveNode {
  const path = `${owner.path}[${String(index)}]`
  const { id, scope, planned, visit, prev } = owner
  const node: ActiveNode = {
    ...blankVisit(fold, path, visit, prev),
    id,
    scope,
    planned,
    item: { index, value, owner },
    isFresh: owner.isFresh,
  }
  fold.state.active.set(path, node)
  return node
}

/** One run of a container's body. */
export function newIteration(fold: Fold, owner: ActiveNode, index: number): ActiveNode {
  const path = `${owner.path}[${String(index)}]`
  const { id, scope, planned, visit, prev } = owner
  const node: ActiveNode = { ...blankVisit(fold, path, visit, prev), id, scope, planned, iteration: { index, owner } }
  fold.state.active.set(path, node)
  return node
}

/** One step of an agent; it shares the agent's slot. A step with a tool is a visit of the supplier. */
export function newCall(
  fold: Fold,
  owner: ActiveNode,
  event: EventOf<'node.started'> & { call: AgentCall },
): ActiveNode {
  const number = Number(event.node.slice(event.node.lastIndexOf('/call') + 5))
  const id = event.call.type === 'tool' ? event.call.tool : owner.id
  const planned = event.call.type === 'tool' ? plannedNode(fold, id) : modelTurn(owner.planned)
  const node: ActiveNode = {
    ...blankVisit(fold, event.node, event.visit, null),
    id,
    scope: owner.scope,
    planned,
    call: { what: event.call, number, owner },
    isFresh: owner.reusesCalls !== true,
  }
  fold.state.active.set(event.node, node)
  return node
}

/** A model turn is journaled like a node without settings of its own; its retries are the model service's affair. */
function modelTurn(agent: PlannedNode): PlannedNode {
  return { kind: agent.kind, version: agent.version, data: {}, ports: ['out'] }
}

export function newCompensation(fold: Fold, undone: Undoable): ActiveNode {
  const path = nodePath(undone.scope.path, undone.compensator)
  fold.state.scopes.set(undone.scope.path, undone.scope)
  const value = nodeValue(fold.state, path)
  value.visits++
  const planned = plannedNode(fold, undone.compensator)
  const node: ActiveNode = {
    ...blankVisit(fold, path, value.visits, undone.output),
    id: undone.compensator,
    scope: undone.scope.path,
    planned,
    undoes: undone,
    isFresh: true,
  }
  fold.state.active.set(path, node)
  return node
}

function blankVisit(fold: Fold, path: string, visit: number, prev: Json): Omit<ActiveNode, 'id' | 'scope' | 'planned'> {
  return {
    path,
    visit,
    prev,
    phase: 'queued',
    attempt: 1,
    holdsSlot: false,
    data: null,
    startedAt: fold.at,
    isFresh: false,
  }
}

/** The value `prev` of a visit that these live edges lead to. EXECUTION.md 2.2. */
export function prevOf(state: RunState, scope: string, live: readonly Predecessor[], entry: Json): Json {
  const [first] = live
  if (!first) return entry
  if (live.length === 1) return passedOn(state, scope, first)
  const all: JsonObject = {}
  for (const one of live) all[nodeId(one.node)] = passedOn(state, scope, one)
  return all
}

function passedOn(state: RunState, scope: string, from: Predecessor): Json {
  const value = nodeValue(state, nodePath(scope, nodeId(from.node)))
  const isFailure = from.port === 'error' || from.port === 'caught'
  return isFailure && value.error ? failureJson(value.error) : (value.output ?? null)
}

/** A failure as a JSON value. */
export function failureJson(error: Failure): Json {
  return { ...error }
}
