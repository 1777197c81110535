import { errorPort } from '../../model/edges.ts'
import type { ScopeAnalysis } from './analysis.ts'
import type { GraphEdge } from './graph.ts'

export interface AssignmentFacts {
  readonly analysis: ScopeAnalysis
  readonly joinsAny: (node: number) => boolean
  /** Whether the node has an output port that leads nowhere, `error` left out. */
  readonly hasLoosePort: (node: number) => boolean
  /** Whether all entries start, as in a container's body; else one of them does. */
  readonly startsAll: boolean
}

/**
 * Definite assignment over the token rules (EXECUTION.md 10.4): has `source` finished whenever `reader` starts, whatever
 * ports the nodes choose? A join `all` waits for all its branches, so it is not enough to look at single paths:
 * a fork sets what any of its branches is sure to set.
 */
export class Assignment {
  private readonly facts: AssignmentFacts
  /** Steps left: flows with very many unusual reads are not checked to the end. */
  private budget: number

  constructor(facts: AssignmentFacts) {
    this.facts = facts
    this.budget = 100_000 + 100 * facts.analysis.graph.ids.length
  }

  /** A way on which the reader starts although the source has not finished; undefined where there is none. */
  unsetPath(source: number, reader: number): number[] | undefined {
    const { dominators, graph } = this.facts.analysis
    const canFail = (graph.out[source] ?? []).some((edge) => edge.port === errorPort)
    if (source === reader) return [reader]
    if (dominators.isAbove(source, reader) && !canFail) return undefined
    if (this.budget <= 0) return undefined
    return new Search(this.facts, source, reader, () => this.budget--).path()
  }
}

const maxOutcomes = 64

class Search {
  private readonly facts: AssignmentFacts
  private readonly analysis: ScopeAnalysis
  private readonly source: number
  private readonly reader: number
  /** The last node that every way to either passes. */
  private readonly from: number
  private readonly spend: () => void
  private readonly avoidable = new Map<number, boolean>()
  /** The edges that came first, of the races looked at. */
  private winners: ReadonlyMap<number, GraphEdge> = new Map()

  constructor(facts: AssignmentFacts, source: number, reader: number, spend: () => void) {
    this.facts = facts
    this.analysis = facts.analysis
    this.source = source
    this.reader = reader
    this.from = facts.analysis.dominators.common(source, reader)
    this.spend = spend
  }

  path(): number[] | undefined {
    const { place } = this.analysis
    const before = this.ancestors(this.reader)
    this.judge(this.ancestors(this.source))
    const plain = this.search()
    if (plain) return plain
    // A join `any` waits for the edge that comes first alone: the others might as well not be there.
    for (const winners of this.outcomes([...before])) {
      this.winners = winners
      const way = this.search([...winners.keys()].sort((a, b) => (place[a] ?? 0) - (place[b] ?? 0)))
      if (way) return way
    }
    return undefined
  }

  /** A way to the reader that passes these nodes, first ones first. */
  private search(passing: readonly number[] = []): number[] | undefined {
    const before = this.ancestors(this.reader)
    const isWaitedFor = before.has(this.source)
    let starts = (isWaitedFor ? this.starts() : this.entrances()).filter((start) => before.has(start))
    const way: number[] = []
    for (const goal of [...passing, this.reader]) {
      const cameFrom = new Map<number, number>()
      this.walk(starts, before, cameFrom, (edge) => !isWaitedFor || this.othersAvoid(edge))
      if (!cameFrom.has(goal)) return undefined
      way.push(...wayTo(goal, cameFrom).slice(way.length === 0 ? 0 : 1))
      starts = [goal]
    }
    return way
  }

  /** Ways in which the races before the reader may end: every combination of a few, one by one of many. */
  private outcomes(before: readonly number[]): Map<number, GraphEdge>[] {
    const { graph, isBack } = this.analysis
    let all = [new Map<number, GraphEdge>()]
    for (const join of before.filter(this.facts.joinsAny)) {
      const into = (graph.into[join] ?? []).filter((edge) => !isBack(edge))
      if (into.length < 2) continue
      const earlier = all.length * into.length > maxOutcomes ? [new Map<number, GraphEdge>()] : all
      all = [...all, ...earlier.flatMap((outcome) => into.map((edge) => new Map(outcome).set(join, edge)))]
    }
    return all.slice(1)
  }

  private entrances(): readonly number[] {
    return this.from === this.analysis.root ? this.analysis.graph.entries : [this.from]
  }

  private starts(): readonly number[] {
    const { root, graph } = this.analysis
    if (this.from !== root) return [this.from]
    const isSure = (entry: number): boolean => !this.canAvoid(entry)
    return this.facts.startsAll
      ? graph.entries.filter((entry) => !graph.entries.some((other) => other !== entry && isSure(other)))
      : graph.entries
  }

  /** Follows forward edges from where the token is; on the source only its error edges, because then it has not finished. */
  private walk(
    starts: readonly number[],
    before: ReadonlySet<number>,
    cameFrom: Map<number, number>,
    mayFollow: (edge: GraphEdge) => boolean,
  ): void {
    const queue = [...starts]
    for (const start of starts) if (!cameFrom.has(start)) cameFrom.set(start, start)
    for (const node of queue) {
      for (const edge of this.forward(node)) {
        this.spend()
        if (node === this.source && edge.port !== errorPort) continue
        if (cameFrom.has(edge.to) || !before.has(edge.to) || !mayFollow(edge)) continue
        if (edge.to === this.source && !this.canFail()) continue
        cameFrom.set(edge.to, node)
        queue.push(edge.to)
      }
    }
  }

  /** Whether the edges that become live together with this one need not lead to the source. */
  private othersAvoid(edge: GraphEdge): boolean {
    const out = this.analysis.graph.out[edge.from] ?? []
    return out.every((other) => other.port !== edge.port || other.to === edge.to || this.spares(other))
  }

  /** A back edge spares the source for what starts in the same iteration; behind the loop it has only put it off. */
  private spares(edge: GraphEdge): boolean {
    if (!this.analysis.isBack(edge)) return this.canAvoid(edge.to)
    return this.analysis.isIn(this.reader, this.analysis.forest.innermost[edge.to] ?? -1)
  }

  private canAvoid(node: number): boolean {
    return this.avoidable.get(node) ?? true
  }

  /** For each node that leads to the source, last ones first: can it choose ports so that the source is not run? */
  private judge(ancestors: ReadonlySet<number>): void {
    const { place } = this.analysis
    for (const node of [...ancestors].sort((a, b) => (place[b] ?? 0) - (place[a] ?? 0))) {
      this.avoidable.set(
        node,
        node === this.source ? this.canFail() : this.facts.hasLoosePort(node) || this.hasOtherPort(node),
      )
    }
  }

  private hasOtherPort(node: number): boolean {
    const edges = this.analysis.graph.out[node] ?? []
    return [...new Set(edges.map((edge) => edge.port))].some((port) =>
      edges.every((edge) => edge.port !== port || this.spares(edge)),
    )
  }

  private canFail(): boolean {
    return this.forward(this.source).some((edge) => edge.port === errorPort)
  }

  private forward(node: number): GraphEdge[] {
    return (this.analysis.graph.out[node] ?? []).filter((edge) => this.leadsOn(edge))
  }

  private leadsOn(edge: GraphEdge): boolean {
    return !this.analysis.isBack(edge) && (this.winners.get(edge.to) ?? edge) === edge
  }

  /** The node and all from which a forward way leads to it, from the common dominator on. */
  private ancestors(node: number): Set<number> {
    const { graph } = this.analysis
    const found = new Set([node])
    for (const at of found) {
      if (at === this.from) continue
      for (const edge of graph.into[at] ?? []) {
        this.spend()
        if (this.leadsOn(edge)) found.add(edge.from)
      }
    }
    return found
  }
}

function wayTo(node: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const way = [node]
  for (let at = node; cameFrom.get(at) !== at;) {
    at = cameFrom.get(at) ?? at
    way.push(at)
  }
  return way.reverse()
}
