import type { Flow } from '../../model/document.ts'
import type { Edge } from '../../model/edges.ts'
import type { Wiring } from './checkEdges.ts'
import { scopeGraph, type ScopeGraph } from './graph.ts'
import type { NodeDraft } from './planNode.ts'
import type { Reporter } from './reporter.ts'

/** A scope of the flow: the top level, or a container's body. */
export interface Scope {
  /** The container; undefined for the top level. */
  readonly container?: string
  readonly graph: ScopeGraph
}

/** Divides the flow into scopes, the top level first, the others in file order of their containers. */
export function scopesOf(
  flow: Flow,
  drafts: ReadonlyMap<string, NodeDraft>,
  wiring: Wiring,
  reporter: Reporter,
): Scope[] {
  const containers = Object.keys(flow.nodes).filter((id) => drafts.get(id)?.spec.role?.type === 'container')
  const nodesIn = new Map<string | undefined, string[]>([undefined, ...containers].map((container) => [container, []]))
  for (const [id, { parent }] of Object.entries(flow.nodes)) {
    if (!checkParent(flow, id, drafts, reporter)) continue
    if (!wiring.offline.has(id)) nodesIn.get(parent)?.push(id)
  }
  const edgesIn = new Map<string | undefined, Edge[]>()
  for (const edge of wiring.tokens) {
    const { parent } = flow.nodes[edge.from] ?? {}
    const list = edgesIn.get(parent)
    if (list) list.push(edge)
    else edgesIn.set(parent, [edge])
  }
  checkStarts(nodesIn.get(undefined) ?? [], drafts, reporter)
  return [...nodesIn].map(([container, ids]): Scope => {
    const isEntry = (into: readonly Edge[], id: string): boolean =>
      container === undefined ? entersFlow(drafts.get(id)) : into.length === 0
    return {
      ...(container !== undefined && { container }),
      graph: scopeGraph(ids, edgesIn.get(container) ?? [], isEntry),
    }
  })
}

function entersFlow(draft: NodeDraft | undefined): boolean {
  const role = draft?.spec.role?.type
  return role === 'start' || role === 'trigger'
}

function checkStarts(ids: readonly string[], drafts: ReadonlyMap<string, NodeDraft>, reporter: Reporter): void {
  const starts = ids.filter((id) => drafts.get(id)?.spec.role?.type === 'start')
  const [, second] = starts
  if (second !== undefined)
    reporter.report(
      'several-starts',
      `The flow has ${String(starts.length)} start nodes: ${starts.join(', ')}. Keep one.`,
      { node: second, path: starts },
    )
  if (!ids.some((id) => entersFlow(drafts.get(id))))
    reporter.report('no-start', 'The flow has no start node and no trigger. Add one.')
}

/** Whether the node's container exists, is one, and does not lie in itself. */
function checkParent(flow: Flow, id: string, drafts: ReadonlyMap<string, NodeDraft>, reporter: Reporter): boolean {
  const parent = flow.nodes[id]?.parent
  if (parent === undefined) return true
  const place = { node: id, field: 'parent' }
  if (!Object.hasOwn(flow.nodes, parent)) {
    reporter.report('unknown-node', `Node "${id}" lies in "${parent}", which is not in the flow.`, place)
    return false
  }
  const draft = drafts.get(parent)
  if (draft && draft.spec.role?.type !== 'container') {
    reporter.report('bad-field', `Node "${id}" lies in "${parent}", which is no container.`, place)
    return false
  }
  const seen = new Set([id])
  for (let at: string | undefined = parent; at !== undefined; at = flow.nodes[at]?.parent) {
    if (!seen.has(at)) seen.add(at)
    else {
      reporter.report('bad-field', `Node "${id}" lies in a container that lies in itself.`, {
        ...place,
        path: [...seen],
      })
      return false
    }
  }
  return draft !== undefined
}
