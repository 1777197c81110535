import { parseEdge } from '../../model/edges.ts'
import type { ScopeTokens } from '../compile/machine.ts'

/** `ScopeTokens` by number, for stepping: arrays are indexed by a node's place in file order. */
export interface ScopePlan {
  readonly ids: readonly string[]
  readonly numbers: ReadonlyMap<string, number>
  readonly nodes: readonly PlanNode[]
  /** Outer loops before inner ones. */
  readonly loops: readonly PlanLoop[]
  readonly entries: readonly number[]
  readonly unreachable: readonly number[]
  /** Nodes and loops that stand in no loop. */
  readonly members: number
}

export interface PlanNode {
  readonly id: string
  readonly out: readonly PlanEdge[]
  readonly into: readonly PlanEdge[]
  /** In-edges that are not back edges of a loop this node heads. */
  readonly needs: number
  /** Innermost loop; -1 for none. */
  readonly loop: number
  /** The loop it heads; -1 for none. */
  readonly heads: number
  readonly joinsAny: boolean
  readonly isReturn: boolean
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

export interface PlanLoop {
  readonly header: number
  readonly parent: number
  readonly nodes: readonly number[]
  readonly inner: readonly number[]
  readonly maxVisits: number
  /** Edges that are resolved when it ends. */
  readonly exits: readonly PlanEdge[]
  readonly backs: readonly PlanEdge[]
}

type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] }

export function scopePlan(tokens: ScopeTokens): ScopePlan {
  const numbers = new Map(tokens.nodes.map((id, index) => [id, index]))
  const numbersOf = (ids: readonly string[] = []): number[] => ids.flatMap((id) => numbers.get(id) ?? [])
  const any = new Set(tokens.any)
  const returns = new Set(tokens.returns)
  const nodes = tokens.nodes.map((id): Draft<PlanNode> => ({
    id, out: [], into: [], needs: 0, loop: -1, heads: -1, joinsAny: any.has(id), isReturn: returns.has(id),
  }))
  const loops = loopsOf(tokens, numbers, nodes)
  const isIn = (node: number, loop: number): boolean => {
    let at = nodes[node]?.loop ?? -1
    while (at > loop) at = loops[at]?.parent ?? -1
    return at === loop
  }
  for (const text of tokens.edges) {
    const edge = parseEdge(text)
    const from = numbers.get(edge?.from ?? '')
    const to = numbers.get(edge?.to ?? '')
    if (!edge || from === undefined || to === undefined) throw new TypeError(`The machine names an unknown edge: ${text}`)
    let leaves = -1
    for (let at = nodes[from]?.loop ?? -1; at !== -1 && !isIn(to, at); at = loops[at]?.parent ?? -1) leaves = at
    const heads = nodes[to]?.heads ?? -1
    const repeats = heads !== -1 && isIn(from, heads) ? heads : -1
    const planEdge = { from, port: edge.fromPort, to, leaves, repeats }
    nodes[from]?.out.push(planEdge)
    nodes[to]?.into.push(planEdge)
    const target = nodes[to]
    if (repeats !== -1) loops[repeats]?.backs.push(planEdge)
    else {
      loops[leaves]?.exits.push(planEdge)
      if (target) target.needs++
    }
  }
  const unreachable = numbersOf(tokens.unreachable)
  const isOut = new Set(unreachable)
  const members = nodes.filter((node, index) => node.loop === -1 && !isOut.has(index)).length + loops.filter((loop) => loop.parent === -1).length
  return { ids: tokens.nodes, numbers, nodes, loops, entries: numbersOf(tokens.entries), unreachable, members }
}

function loopsOf(tokens: ScopeTokens, numbers: ReadonlyMap<string, number>, nodes: Draft<PlanNode>[]): Draft<PlanLoop>[] {
  const byHeader = new Map<string, number>()
  const loops: Draft<PlanLoop>[] = []
  for (const [index, loop] of (tokens.loops ?? []).entries()) {
    byHeader.set(loop.header, index)
    const members = loop.nodes.flatMap((id) => numbers.get(id) ?? [])
    for (const member of members) {
      const node = nodes[member]
      if (node) node.loop = index
    }
    const header = numbers.get(loop.header) ?? -1
    const head = nodes[header]
    if (head) head.heads = index
    const parent = byHeader.get(loop.within ?? '') ?? -1
    loops[parent]?.inner.push(index)
    loops.push({ header, parent, nodes: members, inner: [], maxVisits: loop.maxVisits, exits: [], backs: [] })
  }
  return loops
}
