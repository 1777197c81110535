import type { ScopeAnalysis } from './analysis.ts'
import { tryBlock } from './blocks.ts'
import type { GraphEdge } from './graph.ts'
import { forksOf } from './loopRules.ts'

/**
 * A scope laid out as a state chart: which nodes are states of which compound state, which forks are parallel states,
 * and which nodes run together in a dataflow state.
 */
export interface Layout {
  /** Where one token is at a time: the scope itself, and the regions of parallel states. */
  readonly root: Level
  /** Where each node stands. */
  readonly owners: readonly (Level | Block | undefined)[]
  /** Parallel states by `node:port` of the fork. */
  readonly forks: ReadonlyMap<string, Fork>
  readonly blocks: readonly Block[]
}

/** A compound state in which exactly one state is active. */
export interface Level {
  readonly type: 'level'
  /** Its nodes, those inside its forks and blocks included, in forward order. */
  readonly nodes: readonly number[]
  /** Nesting of parallel states. */
  readonly depth: number
  /** Keys of the states from the machine down to this one. */
  readonly path: readonly string[]
  /** Where tokens leave it for; undefined where they end inside. */
  readonly exit: Exit | undefined
}

/** What a region or block leads to: a join, or the header of the loop around it for its next visit. */
export interface Exit {
  readonly node: number
  readonly isRepeat: boolean
}

export interface Fork {
  readonly regions: readonly Level[]
  readonly exit: Exit | undefined
}

/** Nodes that run by in-degree counts, in one state, behind a node. */
export interface Block {
  readonly type: 'block'
  /** Undefined for a scope that is one block. */
  readonly after: number | undefined
  readonly nodes: readonly number[]
  readonly exit: Exit | undefined
}

/** The state before the first node where there is a choice, or a fork. */
export const startState = '(start)'

const maxRegions = 16
const maxDepth = 6

/** Lays out a scope; of the entries one starts (`startsOne`), or all. A scope that cannot be drawn by states is one block. */
export function layOut(analysis: ScopeAnalysis, joinsAny: readonly boolean[], startsOne: boolean): Layout {
  return new Drawing(analysis, joinsAny).draw(startsOne)
}

type Way = Pick<GraphEdge, 'from' | 'port' | 'to'>

export class Drawing {
  readonly analysis: ScopeAnalysis
  readonly joinsAny: readonly boolean[]
  readonly owners: (Level | Block | undefined)[]
  private readonly forks = new Map<string, Fork>()
  /** Nodes directly below each in the tree of dominators. */
  private readonly below: number[][]

  constructor(analysis: ScopeAnalysis, joinsAny: readonly boolean[]) {
    this.analysis = analysis
    this.joinsAny = joinsAny
    this.owners = analysis.graph.ids.map(() => undefined)
    this.below = [...analysis.graph.ids, ''].map(() => [])
    for (const node of analysis.forest.order) this.below[analysis.dominators.parent(node)]?.push(node)
  }

  draw(startsOne: boolean): Layout {
    const { order } = this.analysis.forest
    const { entries } = this.analysis.graph
    const root: Level = { type: 'level', nodes: order, depth: 0, path: [], exit: undefined }
    for (const node of order) this.owners[node] = root
    const heads = entries.map((to) => ({ from: this.analysis.root, port: '', to }))
    const isForked = !startsOne && entries.length > 1
    const isDrawn = (!isForked || this.drawFork(root, startState, heads)) && this.drawLevel(root)
    if (!isDrawn) {
      const block: Block = { type: 'block', after: undefined, nodes: order, exit: undefined }
      for (const node of order) this.owners[node] = block
    }
    const found = new Set(this.owners.flatMap((owner) => (owner?.type === 'block' ? [owner] : [])))
    return { root, owners: this.owners, forks: this.forks, blocks: [...found] }
  }

  private drawLevel(level: Level): boolean {
    for (const node of level.nodes) {
      if (this.owners[node] !== level) continue
      for (const fork of this.forksAt(node)) {
        if (this.isInBlockBehind(node, fork) || this.drawFork(level, this.forkKey(node, fork), fork)) continue
        if (!this.drawBlock(level, node)) return false
        if (this.owners[node] !== level) break
      }
    }
    return true
  }

  /** Ports with several targets. */
  private forksAt(node: number): GraphEdge[][] {
    return forksOf(this.analysis.graph.out[node] ?? []).filter(
      (edges) => new Set(edges.map((edge) => edge.to)).size > 1,
    )
  }

  private isInBlockBehind(node: number, fork: readonly GraphEdge[]): boolean {
    return fork.some(({ to }) => {
      const owner = this.owners[to]
      return owner?.type === 'block' && owner.after === node
    })
  }

  private drawFork(level: Level, key: string, fork: readonly Way[]): boolean {
    const heads = [...new Set(fork.map((edge) => edge.to))].sort((a, b) => a - b)
    if (heads.length > maxRegions || level.depth >= maxDepth) return false
    const exits = new Map<string, Exit>()
    const regions: { head: number; nodes: number[] }[] = []
    for (const head of heads) {
      const edge = fork.find(({ to }) => to === head)
      if (edge && this.isOwn(head, edge)) regions.push({ head, nodes: this.dominatedBy(head) })
      else this.addExit(exits, head, edge !== undefined && this.isBack(edge))
    }
    for (const { nodes } of regions) this.addExits(exits, nodes)
    const [exit] = exits.values()
    if (exits.size > 1 || !this.canJoin(exit, regions, heads.length)) return false
    const { ids } = this.analysis.graph
    const levels = regions.map(({ head, nodes }): Level => ({
      type: 'level',
      nodes,
      depth: level.depth + 1,
      path: [...level.path, key, ids[head] ?? ''],
      exit,
    }))
    for (const region of levels) for (const inside of region.nodes) this.owners[inside] = region
    if (!levels.every((region) => this.drawLevel(region))) return false
    this.forks.set(key, { regions: levels, exit })
    return true
  }

  private forkKey(node: number, fork: readonly GraphEdge[]): string {
    return `${this.analysis.graph.ids[node] ?? ''}:${fork[0]?.port ?? ''}`
  }

  private isBack(way: Way): boolean {
    return way.from !== this.analysis.root && (this.analysis.place[way.to] ?? 0) <= (this.analysis.place[way.from] ?? 0)
  }

  /** Whether a branch begins here: nothing else leads to it. */
  private isOwn(head: number, edge: Way): boolean {
    const { graph, isBack } = this.analysis
    return (
      !this.isBack(edge) &&
      (graph.into[head] ?? []).every((into) => isBack(into) || (into.from === edge.from && into.port === edge.port))
    )
  }

  /**
   * Whether the join starts exactly when all regions have ended, as a parallel state does: everything inside must lead
   * to it. A join `any` leaves its parallel state at the first arrival, and nothing inside may outlive that.
   */
  private canJoin(exit: Exit | undefined, regions: readonly { nodes: readonly number[] }[], branches: number): boolean {
    if (!exit) return true
    const { graph, isBack } = this.analysis
    const inside = new Set(regions.flatMap(({ nodes }) => nodes))
    for (const node of inside)
      if ((graph.out[node] ?? []).every((edge) => isBack(edge) && inside.has(edge.to))) return false
    if (exit.isRepeat || this.joinsAny[exit.node] !== true) return true
    const { innermost, loops } = this.analysis.forest
    return regions.length === branches && ![...inside].some((node) => loops[innermost[node] ?? -1]?.header === node)
  }

  private addExits(exits: Map<string, Exit>, nodes: readonly number[]): void {
    const inside = new Set(nodes)
    for (const node of nodes) {
      for (const edge of this.analysis.graph.out[node] ?? []) {
        if (!inside.has(edge.to)) this.addExit(exits, edge.to, this.analysis.isBack(edge))
      }
    }
  }

  private addExit(exits: Map<string, Exit>, node: number, isRepeat: boolean): void {
    exits.set(`${isRepeat ? 'repeat' : 'join'} ${String(node)}`, { node, isRepeat })
  }

  dominatedBy(head: number): number[] {
    const found = [head]
    for (const node of found) found.push(...(this.below[node] ?? []))
    return found.sort((a, b) => (this.analysis.place[a] ?? 0) - (this.analysis.place[b] ?? 0))
  }

  /** Puts a fork that is no parallel state into a block, behind it or behind a node that dominates it. */
  private drawBlock(level: Level, fork: number): boolean {
    const { dominators, root } = this.analysis
    let after = fork
    for (let attempts = 0; attempts < 6 && after !== root; attempts++, after = dominators.parent(after)) {
      if (this.owners[after] !== level) continue
      const block = tryBlock(this, after, fork)
      if (!block) continue
      for (const node of block.nodes) this.owners[node] = block
      return true
    }
    return false
  }
}
