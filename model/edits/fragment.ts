import { flowFormat, type Flow, type FlowNode } from '../document.ts'
import { formatEdge, sortEdges, type Edge } from '../edges.ts'
import { parseFlow } from '../flowFile.ts'
import { copyMap, emptyMap, own } from '../maps.ts'
import { renameEdges, renameInNode, type VerbatimOf } from '../renameNode.ts'
import { moveNodes, withBodies } from './nodes.ts'
import { uniqueId } from './uniqueId.ts'

/** The format string of a piece of a flow on the clipboard: JSON that a person can read and mail. */
export const fragmentFormat = 'switchyard.fragment/1'

/** Nodes with the edges among them, as copied. */
export interface Fragment {
  readonly nodes: Readonly<Record<string, FlowNode>>
  readonly edges: readonly Edge[]
  /** `[x, y]` or `[x, y, width, height]`, by node id. */
  readonly layout: Readonly<Record<string, readonly number[]>>
}

/** Takes nodes, all that lies inside them and the edges among them out of a flow. */
export function copyFragment(flow: Flow, ids: Iterable<string>): Fragment {
  const chosen = withBodies(flow, ids)
  const nodes = emptyMap<FlowNode>()
  const layout = emptyMap<readonly number[]>()
  for (const [id, node] of Object.entries(flow.nodes)) {
    if (!chosen.has(id)) continue
    const { parent, ...rest } = node
    nodes[id] = parent === undefined || chosen.has(parent) ? node : rest
    const at = own(flow.layout?.nodes, id)
    if (at) layout[id] = at
  }
  return { nodes, edges: flow.edges.filter((edge) => chosen.has(edge.from) && chosen.has(edge.to)), layout }
}

/** Writes a fragment as text for the clipboard. */
export function fragmentText(fragment: Fragment): string {
  const { nodes, edges, layout } = fragment
  return JSON.stringify(
    { format: fragmentFormat, nodes, edges: edges.map(formatEdge), layout: { nodes: layout } },
    null,
    2,
  )
}

/** Reads a fragment, or a whole flow file, from pasted text; undefined where the text is neither. */
export function parseFragment(text: string): Fragment | undefined {
  const flow = parseFlow(asFlowText(text), 'clipboard').flow
  return flow && { nodes: flow.nodes, edges: flow.edges, layout: flow.layout?.nodes ?? {} }
}

/** A fragment has the shape of a flow file under a format of its own. */
function asFlowText(text: string): string {
  return text.replace(`"${fragmentFormat}"`, `"${flowFormat}"`)
}

export interface PasteOptions {
  /** Added to every place, so that a copy does not lie on its original. */
  readonly offset?: readonly [number, number]
  /** The container to paste into. */
  readonly parent?: string
  readonly verbatim: VerbatimOf
}

/**
 * Puts a fragment into a flow under ids that are free; its edges, parents, compensations and expressions follow the new
 * ids, while expressions that name nodes outside the fragment stay. Gives the new ids in order.
 */
export function pasteFragment(
  flow: Flow,
  fragment: Fragment,
  options: PasteOptions,
): { readonly flow: Flow; readonly ids: readonly string[] } {
  const renames = freeIds(flow, fragment)
  const nodes = copyMap(flow.nodes)
  for (const [id, node] of Object.entries(fragment.nodes)) {
    const renamed = renameInNode(node, renames, options.verbatim)
    const isTop = node.parent === undefined && options.parent !== undefined
    nodes[renames.get(id) ?? id] = isTop ? { ...renamed, parent: options.parent } : renamed
  }
  const edges = sortEdges([...flow.edges, ...renameEdges(fragment.edges, renames)])
  const [dx, dy] = options.offset ?? [0, 0]
  const places = emptyMap<readonly number[]>()
  for (const [id, [x = 0, y = 0, ...size]] of Object.entries(fragment.layout))
    places[renames.get(id) ?? id] = [x + dx, y + dy, ...size]
  return { flow: moveNodes({ ...flow, nodes, edges }, places), ids: [...renames.values()] }
}

function freeIds(flow: Flow, fragment: Fragment): ReadonlyMap<string, string> {
  const renames = new Map<string, string>()
  const taken = new Set<string>()
  for (const id of Object.keys(fragment.nodes)) {
    const isFree = own(flow.nodes, id) === undefined && !taken.has(id)
    const free = isFree ? id : uniqueId(flow, id, taken)
    renames.set(id, free)
    taken.add(free)
  }
  return renames
}
