import type { Edge } from '../../model/edges.ts'

/** The nodes and token edges of one scope, by number: arrays are indexed by a node's place in `ids`. */
export interface ScopeGraph {
  readonly ids: readonly string[]
  readonly edges: readonly GraphEdge[]
  readonly out: readonly (readonly GraphEdge[])[]
  readonly into: readonly (readonly GraphEdge[])[]
  /** Where tokens enter. */
  readonly entries: readonly number[]
  /** Whether some path leads here from an entry. Edges of nodes that are out of reach are left out of `edges`. */
  readonly isReachable: readonly boolean[]
}

export interface GraphEdge {
  readonly from: number
  readonly port: string
  readonly to: number
  /** As the file writes it, without default ports. */
  readonly edge: Edge
}

/** Builds the graph of a scope. `ids` in file order; edges keep their order; an edge between other nodes is left out. */
export function scopeGraph(
  ids: readonly string[],
  edges: readonly Edge[],
  entries: (into: readonly Edge[], id: string) => boolean,
): ScopeGraph {
  const numbers = new Map(ids.map((id, index) => [id, index]))
  const incoming = ids.map((): Edge[] => [])
  const outgoing = ids.map((): Edge[] => [])
  for (const edge of edges) {
    const from = numbers.get(edge.from)
    const to = numbers.get(edge.to)
    if (from === undefined || to === undefined) continue
    incoming[to]?.push(edge)
    outgoing[from]?.push(edge)
  }
  const starts = ids.flatMap((id, index) => (entries(incoming[index] ?? [], id) ? [index] : []))
  const targets = outgoing.map((list) => list.flatMap((edge) => numbers.get(edge.to) ?? []))
  const isReachable = reach(ids.length, starts, targets)
  const out = ids.map((): GraphEdge[] => [])
  const into = ids.map((): GraphEdge[] => [])
  const kept: GraphEdge[] = []
  for (const edge of edges) {
    const from = numbers.get(edge.from)
    const to = numbers.get(edge.to)
    if (from === undefined || to === undefined || !isReachable[from]) continue
    const graphEdge = { from, port: edge.fromPort, to, edge }
    kept.push(graphEdge)
    out[from]?.push(graphEdge)
    into[to]?.push(graphEdge)
  }
  return { ids, edges: kept, out, into, entries: starts, isReachable }
}

/** Which nodes can be reached from the given ones, themselves included. */
export function reach(size: number, from: readonly number[], targets: readonly (readonly number[])[]): boolean[] {
  const seen = new Array<boolean>(size).fill(false)
  const stack = [...from]
  for (const node of from) seen[node] = true
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const target of targets[node] ?? []) {
      if (seen[target]) continue
      seen[target] = true
      stack.push(target)
    }
  }
  return seen
}
