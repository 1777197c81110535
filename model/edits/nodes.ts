import type { Flow, FlowNode, Layout } from '../document.ts'
import { copyMap, filterMap } from '../maps.ts'

/** Puts a node into the flow, at the end of the file. `at` is `[x, y]` or `[x, y, width, height]`. */
export function addNode(flow: Flow, id: string, node: FlowNode, at?: readonly number[]): Flow {
  const nodes = copyMap(flow.nodes)
  nodes[id] = node
  return at ? moveNodes({ ...flow, nodes }, { [id]: at }) : { ...flow, nodes }
}

/** Takes nodes out, with what lies inside them, their edges, pins and places. References in expressions stay. */
export function deleteNodes(flow: Flow, ids: Iterable<string>): Flow {
  const gone = withBodies(flow, ids)
  const keep = (id: string): boolean => !gone.has(id)
  const nodes = filterMap(flow.nodes, keep)
  if (nodes === flow.nodes) return flow
  const edges = flow.edges.filter((edge) => keep(edge.from) && keep(edge.to))
  return withoutPlaces({ ...flow, nodes, edges }, keep)
}

/** Ids of nodes and of everything inside those that are containers. */
export function withBodies(flow: Flow, ids: Iterable<string>): ReadonlySet<string> {
  const all = new Set(ids)
  for (let before = -1; before !== all.size;) {
    before = all.size
    for (const [id, node] of Object.entries(flow.nodes))
      if (node.parent !== undefined && all.has(node.parent)) all.add(id)
  }
  return all
}

function withoutPlaces(flow: Flow, keep: (id: string) => boolean): Flow {
  const { pins, layout, ...rest } = flow
  const keptPins = pins && filterMap(pins, keep)
  const hasPins = keptPins && (keptPins === pins || Object.keys(keptPins).length > 0)
  const places = layout?.nodes && filterMap(layout.nodes, keep)
  const keptLayout: Layout | undefined = layout && { ...layout, ...(places && { nodes: places }) }
  return { ...rest, ...(hasPins && { pins: keptPins }), ...(keptLayout && { layout: keptLayout }) }
}

/** Moves nodes to `[x, y]`, rounded to whole units; containers keep their size unless one is given behind. */
export function moveNodes(flow: Flow, places: Readonly<Record<string, readonly number[]>>): Flow {
  const nodes = copyMap(flow.layout?.nodes ?? {})
  for (const [id, at] of Object.entries(places)) {
    const size = at.length > 2 ? [] : (nodes[id]?.slice(2) ?? [])
    nodes[id] = [...at.map(Math.round), ...size]
  }
  return { ...flow, layout: { ...flow.layout, nodes } }
}

/** Puts nodes into a container, or out of any; edges that would cross its border go. */
export function setParent(flow: Flow, ids: Iterable<string>, parent: string | undefined): Flow {
  const moved = new Set(ids)
  const nodes = copyMap(flow.nodes)
  for (const id of moved) {
    const node = nodes[id]
    if (!node || id === parent) continue
    const { parent: _old, ...rest } = node
    nodes[id] = parent === undefined ? rest : { ...rest, parent }
  }
  const edges = flow.edges.filter((edge) => nodes[edge.from]?.parent === nodes[edge.to]?.parent)
  return { ...flow, nodes, edges }
}
