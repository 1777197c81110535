import type { Json, JsonObject } from '../../model/json.ts'
import type { Reads } from '../../model/expressions/reads.ts'
import type { ActiveNode, NodeValue, RunState } from './state.ts'
import { scopeState } from './visits.ts'

/** What expressions see at a node: EXECUTION.md 2.2. Values are shared with the run's state, never copied. */
export interface Scope extends Readonly<Record<string, unknown>> {
  readonly input: JsonObject
  readonly nodes: Readonly<Record<string, NodeValue>>
  readonly prev: Json
  readonly vars: Readonly<Record<string, Json>>
  readonly run: { readonly id: string; readonly startedAt: string }
  readonly env: Readonly<Record<string, Json>>
  /** ISO 8601, UTC. */
  readonly now: string
}

/** What the scope holds besides the run's own values. */
export interface Surroundings {
  /** Environment variables that the flow may read. */
  readonly env: Readonly<Record<string, Json>>
  readonly now: string
  /** What a model filled in, where the node is called as a tool. */
  readonly args?: JsonObject
}

export function scopeOfNode(state: RunState, node: ActiveNode, around: Surroundings): Scope {
  const within = scopeState(state, node.scope)
  const { nodes, vars } = within
  const scope: Record<string, unknown> & Scope = {
    input: state.input,
    nodes,
    prev: node.prev,
    vars,
    run: { id: state.runId, startedAt: state.startedAt },
    env: around.env,
    now: around.now,
  }
  const { item, index } = node.item ? { item: node.item.value, index: node.item.index } : within
  if (item !== undefined) scope['item'] = item
  if (index !== undefined) scope['index'] = index
  if (around.args) scope['args'] = around.args
  return scope
}

/**
 * A path's value as it stands now. The maps of nodes and variables go on changing, and would hold whatever is made of
 * them: they are copied. Everything below them is never changed.
 */
export function settledValue(value: unknown, { root, depth }: { root: string; depth: number }, scope: Scope): unknown {
  if (root === 'nodes' && depth === 0) return mapValues(scope.nodes, fieldsOf)
  if (root === 'nodes' && depth === 1 && value) return fieldsOf(value as NodeValue)
  return root === 'vars' && depth === 0 ? { ...scope.vars } : value
}

/** The part of a scope that is read, to be copied into the sandbox. Node ids that do not exist are left out. */
export function readPart(scope: Scope, reads: Reads): JsonObject {
  const part: JsonObject = {}
  for (const name of reads.names) {
    if (name === 'nodes') part['nodes'] = readNodes(scope.nodes, reads)
    else if (name === 'vars' || name === 'env')
      part[name] = reads.whole.has(name) ? { ...scope[name] } : pick(scope[name], reads[name])
    else if (Object.hasOwn(scope, name)) part[name] = scope[name] as Json
  }
  return part
}

function readNodes(nodes: Readonly<Record<string, NodeValue>>, reads: Reads): JsonObject {
  if (reads.whole.has('nodes')) return mapValues(nodes, fieldsOf)
  const part: JsonObject = {}
  for (const { id, field } of reads.nodes) {
    const value = Object.hasOwn(nodes, id) ? nodes[id] : undefined
    if (!value) continue
    // Ids may be called as what every object inherits: `constructor`.
    const known = Object.hasOwn(part, id) ? part[id] : {}
    part[id] = Object.assign(
      known as JsonObject,
      field === undefined ? fieldsOf(value) : pick(fieldsOf(value), [field]),
    )
  }
  return part
}

function mapValues<T>(values: Readonly<Record<string, T>>, map: (value: T) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
}

function fieldsOf(value: NodeValue): JsonObject {
  return { ...value } as unknown as JsonObject
}

function pick(values: Readonly<Record<string, Json>>, keys: Iterable<string>): JsonObject {
  const part: JsonObject = {}
  for (const key of keys) {
    const value = Object.hasOwn(values, key) ? values[key] : undefined
    if (value !== undefined) part[key] = value
  }
  return part
}
