import { AncestorTree } from './ancestorTree.ts'
import { pathBetween, type ScopeAnalysis } from './analysis.ts'
import type { GraphEdge } from './graph.ts'
import { forksOf } from './loopRules.ts'
import type { FlowNode } from '../../model/document.ts'
import type { Reporter } from './reporter.ts'
import type { Scope } from './scopes.ts'

/** Warns of what no token reaches and of bodies without nodes. EXECUTION.md 3.3, 4.4. */
export function checkReach({ container, graph }: Scope, reporter: Reporter): void {
  if (container !== undefined && graph.ids.length === 0) {
    reporter.report('empty-body', `The container "${container}" has no nodes inside, so its result is null.`, {
      node: container,
    })
  }
  graph.ids.forEach((id, node) => {
    if (!graph.isReachable[node])
      reporter.report('unreachable', `No path leads from the start to "${id}", so it is skipped.`, { node: id })
  })
}

/**
 * `race-drops-token`: two in-edges of a join `any` can become live in one run. They can where, from the join's
 * dominator on, a fork has two ways to two of them that meet nowhere before (see `checkEscape`).
 */
export function checkRaces(
  analysis: ScopeAnalysis,
  isTop: boolean,
  nodes: Readonly<Record<string, FlowNode>>,
  reporter: Reporter,
): void {
  const { graph, forest } = analysis
  for (const join of forest.order) {
    if (nodes[graph.ids[join] ?? '']?.policy?.join !== 'any') continue
    const into = (graph.into[join] ?? []).filter((edge) => !analysis.isBack(edge))
    if (into.length > 1) checkRace(analysis, join, into, isTop, reporter)
  }
}

function checkRace(
  analysis: ScopeAnalysis,
  join: number,
  into: readonly GraphEdge[],
  isTop: boolean,
  reporter: Reporter,
): void {
  const { graph, root } = analysis
  const region = regionBefore(analysis, join)
  const arrivals = new Map(into.map((edge, index) => [edge, root + 2 + index]))
  const after = new AncestorTree(root + 1)
  for (const arrival of arrivals.values()) after.add(arrival, root + 1)
  const endOf = (edge: GraphEdge): number =>
    arrivals.get(edge) ?? (analysis.isBack(edge) || !region.has(edge.to) ? -1 : edge.to)
  const inOrder = [...region].sort((a, b) => (analysis.place[b] ?? 0) - (analysis.place[a] ?? 0))
  for (const node of inOrder) {
    const parent = after.commonOf((graph.out[node] ?? []).map(endOf))
    if (parent !== undefined) after.add(node, parent)
  }
  const idOf = (node: number): string => graph.ids[node] ?? ''
  const forks = inOrder.toReversed().flatMap((node) => forksOf(graph.out[node] ?? []))
  const fork = forks.find((edges) => after.commonOf(edges.map(endOf)) === root + 1)
  const entriesRace = !isTop && analysis.dominators.parent(join) === root && after.commonOf(graph.entries) === root + 1
  const [first] = fork ?? []
  if (!first && !entriesRace) return
  const forward = (node: number): number[] =>
    (graph.out[node] ?? []).flatMap((edge) => (analysis.isBack(edge) ? [] : [edge.to]))
  const way = first && pathBetween(first.to, (node) => node === join, forward)
  const path = first
    ? [`${idOf(first.from)}:${first.port}`, ...(way ?? [join]).map(idOf)]
    : [...graph.entries, join].map(idOf)
  reporter.report(
    'race-drops-token',
    `"${idOf(join)}" starts at the first of several branches that run at once; the others are cancelled or ignored.`,
    { node: idOf(join), path },
  )
}

/** The nodes on ways from the join's dominator, itself included, to the join. */
function regionBefore(analysis: ScopeAnalysis, join: number): Set<number> {
  const { graph } = analysis
  const from = analysis.dominators.parent(join)
  const region = new Set<number>()
  const work = [join]
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    for (const edge of graph.into[node] ?? []) {
      if (analysis.isBack(edge) || region.has(edge.from)) continue
      region.add(edge.from)
      if (edge.from !== from) work.push(edge.from)
    }
  }
  return region
}
