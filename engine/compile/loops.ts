import type { GraphEdge, ScopeGraph } from './graph.ts'

/** A natural loop: one header, all nodes from which a back edge can be reached without passing it. EXECUTION.md 3.5. */
export interface Loop {
  readonly header: number
  /** Place of the loop around it in {@link LoopForest.loops}; -1 for none. */
  readonly parent: number
  /** The body's nodes in file order, header included, inner loops left out. */
  readonly members: readonly number[]
}

export interface LoopForest {
  /** Outer loops before inner ones. */
  readonly loops: readonly Loop[]
  /** Innermost loop of each node; -1 for none. */
  readonly innermost: readonly number[]
  /** Edges that make a loop with a second entry, with the loop's header. Empty in a flow that may run. */
  readonly secondEntries: readonly { readonly edge: GraphEdge; readonly header: number }[]
  /** Reachable nodes so that every edge but the back edges leads forward. */
  readonly order: readonly number[]
}

/**
 * Finds the loops of a scope by Havlak's algorithm (ACM TOPLAS 19, 1997): in a depth-first tree, from the last
 * header to the first, the body is what reaches a back edge backwards, with inner loops merged into their headers.
 */
export function findLoops(graph: ScopeGraph): LoopForest {
  const tree = depthFirst(graph)
  const { number, last, postorder } = tree
  const size = graph.ids.length
  const order = [...postorder].reverse()
  const isDescendant = (node: number, of: number): boolean =>
    (number[of] ?? 0) <= (number[node] ?? 0) && (number[node] ?? 0) <= (last[of] ?? -1)
  const merged = new UnionFind(size)
  const headerOf = new Array<number>(size).fill(-1)
  const headers: number[] = []
  const secondEntries: { edge: GraphEdge; header: number }[] = []

  for (const header of tree.preorder.toReversed()) {
    const sources = (graph.into[header] ?? []).filter((edge) => isDescendant(edge.from, header))
    if (sources.length === 0) continue
    headers.push(header)
    const body = new Set<number>()
    const work: number[] = []
    const add = (node: number): void => {
      const root = merged.find(node)
      if (root === header || body.has(root)) return
      body.add(root)
      work.push(root)
    }
    for (const edge of sources) add(edge.from)
    for (let node = work.pop(); node !== undefined; node = work.pop()) {
      for (const edge of graph.into[node] ?? []) {
        if (isDescendant(edge.from, node)) continue
        if (isDescendant(merged.find(edge.from), header)) add(edge.from)
        else secondEntries.push({ edge, header })
      }
    }
    for (const node of body) {
      headerOf[node] = header
      merged.join(node, header)
    }
  }
  return { ...forestOf(graph, headers, headerOf, order), secondEntries, order }
}

interface DepthFirst {
  readonly preorder: readonly number[]
  readonly postorder: readonly number[]
  /** Place in preorder. */
  readonly number: readonly number[]
  /** Greatest place in preorder below the node. */
  readonly last: readonly number[]
}

function depthFirst(graph: ScopeGraph): DepthFirst {
  const size = graph.ids.length
  const number = new Array<number>(size).fill(-1)
  const last = new Array<number>(size).fill(-1)
  const preorder: number[] = []
  const postorder: number[] = []
  const next = new Array<number>(size).fill(0)
  for (const entry of graph.entries) {
    if (number[entry] !== -1) continue
    const stack = [entry]
    number[entry] = preorder.push(entry) - 1
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const at = next[node] ?? 0
      next[node] = at + 1
      const edge = graph.out[node]?.[at]
      if (!edge) {
        last[node] = preorder.length - 1
        postorder.push(node)
        stack.pop()
      } else if (number[edge.to] === -1) {
        number[edge.to] = preorder.push(edge.to) - 1
        stack.push(edge.to)
      }
    }
  }
  return { preorder, postorder, number, last }
}

function forestOf(
  graph: ScopeGraph,
  headers: readonly number[],
  headerOf: readonly number[],
  order: readonly number[],
): Pick<LoopForest, 'loops' | 'innermost'> {
  const outerFirst = [...headers].reverse()
  const loopOf = new Map(outerFirst.map((header, index) => [header, index]))
  const parents = outerFirst.map((header) => loopOf.get(headerOf[header] ?? -1) ?? -1)
  const members = outerFirst.map((): number[] => [])
  const innermost = graph.ids.map(() => -1)
  for (const node of order) innermost[node] = loopOf.get(node) ?? loopOf.get(headerOf[node] ?? -1) ?? -1
  innermost.forEach((loop, node) => members[loop]?.push(node))
  return {
    loops: outerFirst.map((header, index) => ({ header, parent: parents[index] ?? -1, members: members[index] ?? [] })),
    innermost,
  }
}

class UnionFind {
  private readonly parent: number[]

  constructor(size: number) {
    this.parent = Array.from({ length: size }, (_, index) => index)
  }

  find(node: number): number {
    let root = node
    while (this.parent[root] !== root) root = this.parent[root] ?? root
    for (let at = node; at !== root;) {
      const next = this.parent[at] ?? root
      this.parent[at] = root
      at = next
    }
    return root
  }

  /** Makes `root` the representative of `node`'s set. */
  join(node: number, root: number): void {
    this.parent[this.find(node)] = root
  }
}
