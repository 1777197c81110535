import { parseEdge } from '../../model/edges.ts'
import type { ScopeTokens } from '../compile/scopeTokens.ts'

/** `ScopeTokens` by number, for stepping: arrays are indexed by a node's place in file order. */
export interface ScopePlan {
  readonly ids: readonly string[]
  readonly numbers: ReadonlyMap<string, number>
  readonly nodes: readonly PlanNode[]
  /** Loops and dataflow blocks. */
  readonly groups: readonly PlanGroup[]
  readonly entries: readonly number[]
  /** Entries of which one alone starts: the one that fired. */
  readonly triggers: readonly number[]
  readonly unreachable: readonly number[]
}

export interface PlanNode {
  readonly id: string
  readonly out: readonly PlanEdge[]
  readonly into: readonly PlanEdge[]
  /** In-edges that are not back edges of a loop this node heads. */
  readonly needs: number
  /** Innermost group; -1 for none. */
  readonly group: number
  /** The loop it heads; -1 for none. */
  readonly heads: number
  readonly joinsAny: boolean
  readonly isReturn: boolean
  /** Whether starts and ends are counted; else one token alone moves through the node, once. */
  readonly isCounted: boolean
  /** Whether it runs in a dataflow state, not in a state of its own. */
  readonly isInBlock: boolean
}

export interface PlanEdge {
  readonly from: number
  readonly port: string
  readonly to: number
  /** Outermost loop that it leaves, at whose end it is resolved; -1 for none. */
  readonly leaves: number
  /** Loop that it repeats; -1 for none. */
  readonly repeats: number
}

/** Nodes that end together: the iterations of a loop, or what runs in a dataflow state. */
export interface PlanGroup {
  /** Number of the loop's header; -1 for a block. */
  readonly header: number
  /** The state of a block. */
  readonly state?: string
  readonly parent: number
  /** Members that stand in no inner group, and the inner groups. */
  readonly nodes: readonly number[]
  readonly inner: readonly number[]
  readonly maxVisits: number
  /** Edges that are resolved when the loop ends. */
  readonly exits: readonly PlanEdge[]
  readonly backs: readonly PlanEdge[]
}

type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] }

/** Numbers the nodes of a scope. Throws a TypeError where the machine contradicts itself. */
export function scopePlan(tokens: ScopeTokens): ScopePlan {
  return new Planner(tokens).plan()
}

/** The one entry that starts where there are triggers; undefined where all do. */
export function firstEntry({ entries, triggers }: ScopePlan, fired: number | undefined): number | undefined {
  if (fired !== undefined || triggers.length === 0) return fired
  return entries.find((entry) => !triggers.includes(entry)) ?? triggers[0]
}

class Planner {
  private readonly tokens: ScopeTokens
  private readonly numbers: Map<string, number>
  private readonly nodes: Draft<PlanNode>[]
  private readonly groups: Draft<PlanGroup>[] = []

  constructor(tokens: ScopeTokens) {
    this.tokens = tokens
    this.numbers = new Map(tokens.nodes.map((id, index) => [id, index]))
    const any = new Set(tokens.any)
    const returns = new Set(tokens.returns)
    const counted = new Set(tokens.counted)
    this.nodes = tokens.nodes.map((id): Draft<PlanNode> => ({
      id,
      out: [],
      into: [],
      needs: 0,
      group: -1,
      heads: -1,
      joinsAny: any.has(id),
      isReturn: returns.has(id),
      isCounted: counted.has(id),
      isInBlock: false,
    }))
  }

  plan(): ScopePlan {
    const { tokens, numbers, nodes, groups } = this
    this.addLoops()
    for (const text of tokens.edges) this.addEdge(text)
    for (const block of tokens.blocks ?? [])
      this.addBlock(
        block.state,
        block.nodes.map((id) => this.numberOf(id)),
      )
    const numbersOf = (ids: readonly string[] = []): number[] => ids.map((id) => this.numberOf(id))
    return {
      ids: tokens.nodes,
      numbers,
      nodes,
      groups,
      entries: numbersOf(tokens.entries),
      triggers: numbersOf(tokens.triggers),
      unreachable: numbersOf(tokens.unreachable),
    }
  }

  private addLoops(): void {
    const byHeader = new Map<string, number>()
    for (const [index, loop] of (this.tokens.loops ?? []).entries()) {
      const header = this.numberOf(loop.header)
      const members = loop.nodes.map((id) => this.numberOf(id))
      const parent = byHeader.get(loop.within ?? '') ?? -1
      byHeader.set(loop.header, index)
      for (const member of members) this.node(member).group = index
      this.node(header).heads = index
      this.groups[parent]?.inner.push(index)
      this.groups.push({ header, parent, nodes: members, inner: [], maxVisits: loop.maxVisits, exits: [], backs: [] })
    }
  }

  private addEdge(text: string): void {
    const edge = parseEdge(text)
    if (!edge) throw new TypeError(`The machine names what is no edge: ${text}`)
    const from = this.numberOf(edge.from)
    const to = this.numberOf(edge.to)
    const target = this.node(to)
    let leaves = -1
    for (let at = this.node(from).group; at !== -1 && !this.isIn(to, at); at = this.groups[at]?.parent ?? -1)
      leaves = at
    const repeats = target.heads !== -1 && this.isIn(from, target.heads) ? target.heads : -1
    const planEdge = { from, port: edge.fromPort, to, leaves, repeats }
    this.node(from).out.push(planEdge)
    target.into.push(planEdge)
    if (repeats !== -1) {
      this.groups[repeats]?.backs.push(planEdge)
      return
    }
    this.groups[leaves]?.exits.push(planEdge)
    target.needs++
  }

  /** Puts a block between its nodes, with the loops that lie in it, and the loop around it. */
  private addBlock(state: string, nodes: readonly number[]): void {
    const inside = new Set(nodes)
    const index = this.groups.length
    const block: Draft<PlanGroup> = {
      header: -1,
      state,
      parent: -1,
      nodes: [],
      inner: [],
      maxVisits: Infinity,
      exits: [],
      backs: [],
    }
    for (const number of nodes) {
      const node = this.node(number)
      node.isInBlock = true
      const outermost = this.outermostInside(node.group, inside, index)
      if (outermost === index) continue
      if (outermost === undefined) {
        block.parent = node.group
        block.nodes.push(number)
        node.group = index
      } else {
        const loop = this.groups[outermost]
        if (!loop) continue
        block.parent = loop.parent
        block.inner.push(outermost)
        loop.parent = index
      }
    }
    const around = this.groups[block.parent]
    if (around) {
      around.nodes = around.nodes.filter((node) => !inside.has(node))
      around.inner = [...around.inner.filter((loop) => !block.inner.includes(loop)), index]
    }
    this.groups.push(block)
  }

  /** The outermost loop from this one on whose header lies inside; `block` where it was moved there already. */
  private outermostInside(from: number, inside: ReadonlySet<number>, block: number): number | undefined {
    let found: number | undefined
    for (let at = from; at !== -1; at = this.groups[at]?.parent ?? -1) {
      if (at === block) return block
      if (!inside.has(this.groups[at]?.header ?? -1)) break
      found = at
    }
    return found
  }

  private isIn(node: number, group: number): boolean {
    let at = this.node(node).group
    while (at > group) at = this.groups[at]?.parent ?? -1
    return at === group
  }

  private node(number: number): Draft<PlanNode> {
    const node = this.nodes[number]
    if (!node) throw new TypeError(`The machine has no node of number ${String(number)}.`)
    return node
  }

  private numberOf(id: string): number {
    const number = this.numbers.get(id)
    if (number === undefined) throw new TypeError(`The machine has no node "${id}".`)
    return number
  }
}
