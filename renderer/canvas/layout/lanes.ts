type Link = readonly [number, number]

/** A layered graph in which every edge leads to the next layer. */
export interface LanedGraph {
  /** Nodes, then the places that long edges pass. */
  readonly count: number
  readonly layerOf: readonly number[]
  readonly edges: readonly Link[]
}

/** Edges over more layers than this go as they like: in a graph of such edges the places would outnumber the nodes. */
const longestSpan = 12
const mostPlaces = 20_000

/**
 * Gives every edge that passes layers a place in each of them, so that no card comes to lie on it. The places are
 * numbered behind the nodes.
 */
export function withLanes(count: number, layerOf: readonly number[], forward: readonly Link[]): LanedGraph {
  const layers = [...layerOf]
  const edges: Link[] = []
  for (const [from, to] of forward) {
    const [first, last] = [layers[from] ?? 0, layers[to] ?? 0]
    if (last - first > longestSpan || layers.length - count > mostPlaces) {
      edges.push([from, to])
      continue
    }
    let previous = from
    for (let layer = first + 1; layer < last; layer += 1) {
      const place = layers.push(layer) - 1
      edges.push([previous, place])
      previous = place
    }
    edges.push([previous, to])
  }
  return { count: layers.length, layerOf: layers, edges }
}
