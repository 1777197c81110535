import type { GraphEdge } from './graph.ts'
import type { Block, Drawing, Exit } from './layOut.ts'

/**
 * Gathers the nodes behind `after`, in forward order, until all ways lead to one node that starts when they are done.
 * Undefined where no such block is closed: where something else leads into it, or it leads to several places.
 */
export function tryBlock(drawing: Drawing, after: number, fork: number): Block | undefined {
  const out = drawing.analysis.graph.out[after] ?? []
  const forked = out.filter((edge) => out.some((other) => other.port === edge.port && other.to !== edge.to))
  const narrow = after === fork ? new BlockSearch(drawing, after, fork).search(forked) : undefined
  return narrow ?? new BlockSearch(drawing, after, fork).search(out)
}

class BlockSearch {
  private readonly drawing: Drawing
  private readonly after: number
  private readonly nodes = new Set<number>()
  /** Nodes that edges lead to which are not taken in yet. */
  private readonly frontier = new Set<number>()
  private readonly outside = new Map<string, Exit>()
  /** Where the search for the next node goes on: all before is taken, or of no concern. */
  private at: number
  /** Something inside may still run when the exit's in-edges are all resolved: there is no exit then. */
  private outlives = false

  private readonly fork: number

  /** `fork` is what the block is for: it must not end before. */
  constructor(drawing: Drawing, after: number, fork: number) {
    this.drawing = drawing
    this.after = after
    this.fork = fork
    this.at = (drawing.analysis.place[after] ?? 0) + 1
  }

  search(from: readonly GraphEdge[]): Block | undefined {
    const { dominators } = this.drawing.analysis
    for (const edge of from) this.reach(edge)
    for (let next = this.nextNode(); next !== undefined; next = this.nextNode()) {
      if (this.isExit(next)) return this.block({ node: next, isRepeat: false })
      this.frontier.delete(next)
      if (!dominators.isAbove(this.after, next))
        this.outside.set(`join ${String(next)}`, { node: next, isRepeat: false })
      else this.take(next)
    }
    const [exit] = this.outside.values()
    if (this.outside.size > 1 || (exit && (this.outlives || this.startsEarly(exit)))) return undefined
    return this.block(exit)
  }

  private block(exit: Exit | undefined): Block | undefined {
    const { place, graph, isBack } = this.drawing.analysis
    const isInside = (edge: GraphEdge): boolean => isBack(edge) || edge.from === this.after || this.nodes.has(edge.from)
    for (const node of this.nodes) if (!(graph.into[node] ?? []).every(isInside)) return undefined
    const nodes = [...this.nodes].sort((a, b) => (place[a] ?? 0) - (place[b] ?? 0))
    return nodes.length === 0 ? undefined : { type: 'block', after: this.after, nodes, exit }
  }

  /** The first node of the frontier, in forward order. */
  private nextNode(): number | undefined {
    if (this.frontier.size === 0) return undefined
    const { order } = this.drawing.analysis.forest
    for (; this.at < order.length; this.at++) {
      const node = order[this.at]
      if (node !== undefined && this.frontier.has(node)) return node
    }
    throw new Error('an edge that is no back edge leads backward')
  }

  private isExit(node: number): boolean {
    const hasFork = this.nodes.size > 0 && (this.after === this.fork || this.nodes.has(this.fork))
    return (
      hasFork &&
      this.frontier.size === 1 &&
      this.outside.size === 0 &&
      !this.outlives &&
      !this.startsEarly({ node, isRepeat: false }) &&
      !this.cutsLoop(node)
    )
  }

  /** Whether the node lies in a loop that is headed inside: the block would be entered again from behind. */
  private cutsLoop(node: number): boolean {
    const { innermost, loops } = this.drawing.analysis.forest
    for (let at = innermost[node] ?? -1; at !== -1; at = loops[at]?.parent ?? -1) {
      if (this.nodes.has(loops[at]?.header ?? -1)) return true
    }
    return false
  }

  private startsEarly(exit: Exit): boolean {
    return !exit.isRepeat && this.drawing.joinsAny[exit.node] === true
  }

  private take(node: number): void {
    const { graph, isBack } = this.drawing.analysis
    this.nodes.add(node)
    const out = graph.out[node] ?? []
    if (out.every((edge) => isBack(edge) && this.nodes.has(edge.to)) || this.drawing.joinsAny[node] === true)
      this.outlives = true
    for (const edge of out) this.reach(edge)
  }

  private reach(edge: GraphEdge): void {
    const isBack = this.drawing.analysis.isBack(edge)
    if (isBack && !this.nodes.has(edge.to))
      this.outside.set(`repeat ${String(edge.to)}`, { node: edge.to, isRepeat: true })
    else if (!isBack && !this.nodes.has(edge.to)) this.frontier.add(edge.to)
  }
}
