/** A graph to lay out: nodes by index. */
export interface LayoutGraph {
  readonly count: number
  /** Pairs of indexes, `[from, to]`. */
  readonly edges: readonly (readonly [number, number])[]
}

function outgoing(graph: LayoutGraph): number[][] {
  const targets: number[][] = Array.from({ length: graph.count }, () => [])
  for (const [from, to] of graph.edges) targets[from]?.push(to)
  return targets
}

/** The edges without those that close a cycle, found by a depth-first walk in node order (iterative: flows may be deep). */
export function forwardEdges(graph: LayoutGraph): [number, number][] {
  const targets = outgoing(graph)
  const state = new Uint8Array(graph.count)
  const forward: [number, number][] = []
  for (let root = 0; root < graph.count; root += 1) {
    if (state[root] !== 0) continue
    const stack = [{ node: root, next: 0 }]
    state[root] = 1
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const target = targets[top.node]?.[top.next]
      top.next += 1
      if (target === undefined) {
        state[top.node] = 2
        stack.pop()
      } else if (state[target] !== 1) {
        forward.push([top.node, target])
        if (state[target] === 0) {
          state[target] = 1
          stack.push({ node: target, next: 0 })
        }
      }
    }
  }
  return forward
}

/** Layer of every node: the length of the longest forward path that leads to it. */
export function layersOf(count: number, forward: readonly (readonly [number, number])[]): number[] {
  const targets = outgoing({ count, edges: forward })
  const missing = new Array<number>(count).fill(0)
  for (const [, to] of forward) missing[to] = (missing[to] ?? 0) + 1
  const layer = new Array<number>(count).fill(0)
  const ready = missing.flatMap((edges, node) => (edges === 0 ? [node] : []))
  for (let index = 0; index < ready.length; index += 1) {
    const node = ready[index] ?? 0
    for (const target of targets[node] ?? []) {
      layer[target] = Math.max(layer[target] ?? 0, (layer[node] ?? 0) + 1)
      missing[target] = (missing[target] ?? 0) - 1
      if (missing[target] === 0) ready.push(target)
    }
  }
  return layer
}
