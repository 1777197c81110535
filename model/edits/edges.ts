import type { Flow } from '../document.ts'
import { defaultInPort, defaultOutPort, formatEdge, sortEdges, type Edge } from '../edges.ts'

/** Adds an edge; the same flow where it stands already. What may be connected, `canConnect` says. */
export function connect(flow: Flow, edge: Edge): Flow {
  return hasEdge(flow, edge) ? flow : { ...flow, edges: sortEdges([...flow.edges, edge]) }
}

export function disconnect(flow: Flow, edge: Edge): Flow {
  if (!hasEdge(flow, edge)) return flow
  const text = formatEdge(edge)
  return { ...flow, edges: flow.edges.filter((other) => formatEdge(other) !== text) }
}

/** Leads an edge elsewhere: one edit for the history. */
export function reconnect(flow: Flow, from: Edge, to: Edge): Flow {
  return connect(disconnect(flow, from), to)
}

/** Puts a node that is in the flow into an edge: `a -> b` becomes `a -> node -> b`. */
export function insertOnEdge(
  flow: Flow,
  edge: Edge,
  id: string,
  ports: { readonly in?: string; readonly out?: string } = {},
): Flow {
  const into: Edge = { ...edge, to: id, toPort: ports.in ?? defaultInPort }
  const out: Edge = { ...edge, from: id, fromPort: ports.out ?? defaultOutPort }
  return connect(connect(disconnect(flow, edge), into), out)
}

function hasEdge(flow: Flow, edge: Edge): boolean {
  const text = formatEdge(edge)
  return flow.edges.some((other) => formatEdge(other) === text)
}
