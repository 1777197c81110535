import type { Flow, FlowNode, Policy } from './document.ts'
import { sortEdges, type Edge } from './edges.ts'
import { renameInBody, renameInTemplate, type Renames } from './expressions/rename.ts'
import { mapTexts } from './expressions/settings.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { emptyMap } from './maps.ts'
import type { KindRegistry } from './nodeSpec.ts'

/** Settings that are JavaScript and not templates, of a kind. */
export type VerbatimOf = (kind: string) => readonly string[]

/** Reads `verbatim` from the kinds known to a host. */
export function verbatimOf(kinds: KindRegistry): VerbatimOf {
  return (kind) => kinds.get(kind)?.verbatim ?? []
}

/**
 * Gives a node a new id everywhere: the node itself, edges, parents, pins, compensation, layout, and every expression
 * and script of every node. Names that shadow `nodes` are left alone. The caller sees to it that the id is free and
 * valid. EXECUTION.md 1.1.
 */
export function renameNode(flow: Flow, oldId: string, newId: string, verbatim: VerbatimOf): Flow {
  const renames = new Map([[oldId, newId]])
  const { pins, layout } = flow
  return {
    ...flow,
    nodes: mapNodes(flow.nodes, renames, verbatim),
    edges: renameEdges(flow.edges, renames),
    ...(pins && { pins: renameKeys(pins, renames) }),
    ...(layout && { layout: { ...layout, ...(layout.nodes && { nodes: renameKeys(layout.nodes, renames) }) } }),
  }
}

function mapNodes(nodes: Flow['nodes'], renames: Renames, verbatim: VerbatimOf): Record<string, FlowNode> {
  const result = emptyMap<FlowNode>()
  for (const [id, node] of Object.entries(nodes)) result[renames.get(id) ?? id] = renameInNode(node, renames, verbatim)
  return result
}

/** Renames whatever a node says of other nodes; the same object where it says nothing of them. */
export function renameInNode(node: FlowNode, renames: Renames, verbatim: VerbatimOf): FlowNode {
  const data = node.data && renameInData(node.data, renames, verbatim(node.kind))
  const policy = node.policy && renameInPolicy(node.policy, renames)
  const parent = node.parent === undefined ? undefined : (renames.get(node.parent) ?? node.parent)
  if (data === node.data && policy === node.policy && parent === node.parent) return node
  return { ...node, ...(parent !== undefined && { parent }), ...(data && { data }), ...(policy && { policy }) }
}

function renameInData(data: JsonObject, renames: Renames, verbatim: readonly string[]): JsonObject {
  const inTemplates = mapTexts(data, verbatim, (text) => renameInTemplate(text, renames))
  const inScripts = verbatim.reduce<Json>((value, path) => renameAt(value, path.split('.'), renames), inTemplates)
  return isJsonObject(inScripts) ? inScripts : data
}

function renameAt(value: Json, path: readonly string[], renames: Renames): Json {
  const [key, ...rest] = path
  if (key === undefined) return typeof value === 'string' ? renameInBody(value, renames) : value
  const child = isJsonObject(value) ? value[key] : undefined
  if (child === undefined || !isJsonObject(value)) return value
  const next = renameAt(child, rest, renames)
  return next === child ? value : { ...value, [key]: next }
}

function renameInPolicy(policy: Policy, renames: Renames): Policy {
  const { each } = policy
  const to = policy.compensate === undefined ? undefined : renames.get(policy.compensate)
  const items = each && mapTexts(each.items, [], (text) => renameInTemplate(text, renames))
  if (to === undefined && items === each?.items) return policy
  return {
    ...policy,
    ...(to !== undefined && { compensate: to }),
    ...(each && items !== undefined && { each: { ...each, items } }),
  }
}

/** Renames both ends of edges. */
export function renameEdges(edges: readonly Edge[], renames: Renames): readonly Edge[] {
  const renamed = edges.map((edge) => {
    const from = renames.get(edge.from) ?? edge.from
    const to = renames.get(edge.to) ?? edge.to
    return from === edge.from && to === edge.to ? edge : { ...edge, from, to }
  })
  return sortEdges(renamed)
}

function renameKeys<T>(record: Readonly<Record<string, T>>, renames: Renames): Record<string, T> {
  const result = emptyMap<T>()
  for (const [key, value] of Object.entries(record)) result[renames.get(key) ?? key] = value
  return result
}
