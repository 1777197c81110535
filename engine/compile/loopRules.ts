import { errorPort, formatEdge } from '../../model/edges.ts'
import { AncestorTree } from './ancestorTree.ts'
import { pathBetween, type ScopeAnalysis } from './analysis.ts'
import type { GraphEdge } from './graph.ts'
import type { PlannedNode } from './machine.ts'
import type { Reporter } from './reporter.ts'

/** Checks the rules of loops. EXECUTION.md 3.5, 10.4. */
export function checkLoops(analysis: ScopeAnalysis, plans: ReadonlyMap<string, PlannedNode>, reporter: Reporter): void {
  if (analysis.forest.secondEntries.length > 0) {
    reportSecondEntries(analysis, reporter)
    return
  }
  const bodies = bodiesOf(analysis)
  analysis.forest.loops.forEach((loop, index) => {
    const body = bodies[index] ?? []
    const sorted = sortEdges(analysis, index, body)
    if (checkEscape(analysis, loop.header, body, sorted, reporter)) return
    checkExit(analysis, loop.header, body, sorted, plans, reporter)
  })
}

function reportSecondEntries({ graph, forest }: ScopeAnalysis, reporter: Reporter): void {
  const seen = new Set<GraphEdge>()
  const targets = graph.out.map((edges) => edges.map((edge) => edge.to))
  for (const { edge, header } of forest.secondEntries) {
    if (seen.has(edge)) continue
    seen.add(edge)
    const idOf = (node: number): string => graph.ids[node] ?? ''
    const isEdgeStart = (node: number): boolean => node === edge.from
    const [entry = edge.from] = graph.entries
    const there = pathBetween(entry, isEdgeStart, (node) => targets[node] ?? []) ?? [edge.from]
    const onward = pathBetween(
      edge.to,
      (node) => node === header,
      (node) => targets[node] ?? [],
    ) ?? [edge.to]
    reporter.report(
      'loop-multiple-entry',
      `The loop of "${idOf(header)}" is also entered by "${formatEdge(edge.edge)}". Let every edge from outside lead to the same node.`,
      { node: edge.edge.to, path: [...there, ...onward].map(idOf) },
    )
  }
}

/** Nodes of each loop with those of its inner loops, first to last in forward order. */
function bodiesOf({ forest }: ScopeAnalysis): number[][] {
  const bodies = forest.loops.map((): number[] => [])
  for (const node of forest.order) {
    for (let loop = forest.innermost[node] ?? -1; loop !== -1; loop = forest.loops[loop]?.parent ?? -1)
      bodies[loop]?.push(node)
  }
  return bodies
}

/** Where the edges of a loop's body lead within one iteration. */
interface SortedEdges {
  kindOf(edge: GraphEdge): 'inside' | 'back' | 'exit' | 'inner back'
}

function sortEdges(analysis: ScopeAnalysis, loop: number, body: readonly number[]): SortedEdges {
  const inside = new Set(body)
  const header = analysis.forest.loops[loop]?.header
  return {
    kindOf: (edge) => {
      if (!inside.has(edge.to)) return 'exit'
      if (!analysis.isBack(edge)) return 'inside'
      return edge.to === header ? 'back' : 'inner back'
    },
  }
}

/**
 * `loop-escape`: two edges of one port lead, on ways that meet nowhere, one back and one out. By Menger's theorem there
 * are such ways exactly where no node separates the two from both ends: where, in the tree of post-dominators, nothing
 * but the root is above them.
 */
function checkEscape(
  analysis: ScopeAnalysis,
  header: number,
  body: readonly number[],
  edges: SortedEdges,
  reporter: Reporter,
): boolean {
  const { graph } = analysis
  const [root, back, exit] = [analysis.root + 1, analysis.root + 2, analysis.root + 3]
  const after = new AncestorTree(root)
  after.add(back, root)
  after.add(exit, root)
  const endOf = (edge: GraphEdge): number => {
    const kind = edges.kindOf(edge)
    if (kind === 'inside') return edge.to
    return kind === 'back' ? back : kind === 'exit' ? exit : -1
  }
  for (const node of body.toReversed()) {
    const parent = after.commonOf((graph.out[node] ?? []).map(endOf))
    if (parent !== undefined) after.add(node, parent)
  }
  for (const node of body) {
    for (const fork of forksOf(graph.out[node] ?? [])) {
      if (after.commonOf(fork.map(endOf)) !== root) continue
      reportEscape(analysis, header, fork, edges, reporter)
      return true
    }
  }
  return false
}

/** Edges that become live together. */
export function forksOf(edges: readonly GraphEdge[]): GraphEdge[][] {
  if (edges.length < 2) return []
  const byPort = new Map<string, GraphEdge[]>()
  for (const edge of edges) {
    const list = byPort.get(edge.port)
    if (list) list.push(edge)
    else byPort.set(edge.port, [edge])
  }
  return [...byPort.values()].filter((list) => list.length > 1)
}

function reportEscape(
  analysis: ScopeAnalysis,
  header: number,
  fork: readonly GraphEdge[],
  edges: SortedEdges,
  reporter: Reporter,
): void {
  const { graph } = analysis
  const idOf = (node: number): string => graph.ids[node] ?? ''
  const inside = (node: number): number[] =>
    (graph.out[node] ?? []).flatMap((edge) => (edges.kindOf(edge) === 'inside' ? [edge.to] : []))
  const [first] = fork
  if (!first) return
  const there = pathBetween(header, (node) => node === first.from, inside) ?? [header]
  const ways = disjointWays(graph.out, fork, edges)
  const forkText = `${idOf(first.from)}:${first.port}`
  const prefix = there.slice(0, -1).map(idOf)
  const path = [...prefix, forkText, ...(ways?.back ?? []).map(idOf), idOf(header)]
  const exit = ways ? ` while "${formatEdge(ways.exit.edge)}" leaves it` : ' and also leave it'
  reporter.report(
    'loop-escape',
    `In one iteration the loop of "${idOf(header)}" could go on${exit}, because "${forkText}" leads to both. Decide with one node which of the two happens.`,
    { node: idOf(header), path },
  )
}

function disjointWays(
  out: readonly (readonly GraphEdge[])[],
  fork: readonly GraphEdge[],
  edges: SortedEdges,
): { back: number[]; exit: GraphEdge } | undefined {
  const inside = (node: number): number[] =>
    (out[node] ?? []).flatMap((edge) => (edges.kindOf(edge) === 'inside' ? [edge.to] : []))
  const way = (
    from: GraphEdge,
    kind: 'back' | 'exit',
    avoid: ReadonlySet<number>,
  ): { nodes: number[]; last: GraphEdge } | undefined => {
    if (edges.kindOf(from) === kind) return { nodes: [], last: from }
    if (edges.kindOf(from) !== 'inside' || avoid.has(from.to)) return undefined
    const ends = (node: number): GraphEdge | undefined => out[node]?.find((edge) => edges.kindOf(edge) === kind)
    const nodes = pathBetween(
      from.to,
      (node) => ends(node) !== undefined,
      (node) => inside(node).filter((next) => !avoid.has(next)),
    )
    const last = nodes && ends(nodes.at(-1) ?? -1)
    return last && { nodes, last }
  }
  for (const one of fork) {
    const back = way(one, 'back', new Set())
    if (!back) continue
    for (const other of fork) {
      const exit = other === one ? undefined : way(other, 'exit', new Set(back.nodes))
      if (exit) return { back: back.nodes, exit: exit.last }
    }
  }
  return undefined
}

/** `loop-without-exit`: whatever ports the nodes choose, a back edge becomes live. */
function checkExit(
  analysis: ScopeAnalysis,
  header: number,
  body: readonly number[],
  edges: SortedEdges,
  plans: ReadonlyMap<string, PlannedNode>,
  reporter: Reporter,
): void {
  const { graph } = analysis
  const canEnd = new Set<number>()
  for (const node of body.toReversed()) {
    const out = graph.out[node] ?? []
    const used = new Set(out.map((edge) => edge.port))
    const hasLooseEnd =
      plans.get(graph.ids[node] ?? '')?.ports.some((port) => port !== errorPort && !used.has(port)) ?? true
    const ends = (edge: GraphEdge): boolean => {
      const kind = edges.kindOf(edge)
      return kind === 'exit' || (kind === 'inside' && canEnd.has(edge.to))
    }
    if (hasLooseEnd || [...used].some((port) => out.every((edge) => edge.port !== port || ends(edge)))) canEnd.add(node)
  }
  if (canEnd.has(header)) return
  const idOf = (node: number): string => graph.ids[node] ?? ''
  const inside = (node: number): number[] =>
    (graph.out[node] ?? []).flatMap((edge) => (edges.kindOf(edge) === 'inside' ? [edge.to] : []))
  const goesBack = (node: number): boolean => (graph.out[node] ?? []).some((edge) => edges.kindOf(edge) === 'back')
  const path = [...(pathBetween(header, goesBack, inside) ?? [header]), header].map(idOf)
  reporter.report(
    'loop-without-exit',
    `The loop of "${idOf(header)}" can never be left. Add an edge that leads out of it.`,
    { node: idOf(header), path },
  )
}
