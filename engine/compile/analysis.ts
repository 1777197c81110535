import { AncestorTree } from './ancestorTree.ts'
import type { GraphEdge, ScopeGraph } from './graph.ts'
import { findLoops, type LoopForest } from './loops.ts'

/** What the rules and the writer of machines know of a scope's graph, once its loops are found. */
export interface ScopeAnalysis {
  readonly graph: ScopeGraph
  readonly forest: LoopForest
  /** Place of each node in an order in which every forward edge leads forward; -1 out of reach. */
  readonly place: readonly number[]
  /** Node by its nearest dominator; {@link ScopeAnalysis.root} dominates the entries. */
  readonly dominators: AncestorTree
  /** A number that no node has: where every path begins. */
  readonly root: number
  isBack(edge: GraphEdge): boolean
  /** Whether the node lies in the loop, inner loops included. */
  isIn(node: number, loop: number): boolean
}

export function analyse(graph: ScopeGraph): ScopeAnalysis {
  const forest = findLoops(graph)
  const place = graph.ids.map(() => -1)
  forest.order.forEach((node, index) => (place[node] = index))
  const isBack = (edge: GraphEdge): boolean => (place[edge.to] ?? -1) <= (place[edge.from] ?? -1)
  const isIn = (node: number, loop: number): boolean => {
    let at = forest.innermost[node] ?? -1
    while (at > loop) at = forest.loops[at]?.parent ?? -1
    return at === loop
  }
  const root = graph.ids.length
  const dominators = new AncestorTree(root)
  const entries = new Set(graph.entries)
  for (const node of forest.order) {
    const before = (graph.into[node] ?? []).flatMap((edge) => (isBack(edge) ? [] : [edge.from]))
    dominators.add(node, entries.has(node) ? root : (dominators.commonOf(before) ?? root))
  }
  return { graph, forest, place, dominators, root, isBack, isIn }
}

/** A shortest way over the edges that `follow` allows, both ends included; undefined where there is none. */
export function pathBetween(
  from: number,
  to: (node: number) => boolean,
  follow: (node: number) => readonly number[],
): number[] | undefined {
  const cameFrom = new Map<number, number>([[from, from]])
  const queue = [from]
  for (const node of queue) {
    if (to(node)) return backtrack(cameFrom, node)
    for (const next of follow(node)) {
      if (cameFrom.has(next)) continue
      cameFrom.set(next, node)
      queue.push(next)
    }
  }
  return undefined
}

function backtrack(cameFrom: ReadonlyMap<number, number>, end: number): number[] {
  const path = [end]
  for (let at = end; cameFrom.get(at) !== at;) {
    at = cameFrom.get(at) ?? at
    path.push(at)
  }
  return path.reverse()
}
