import { errorPort } from '../../model/edges.ts'
import type { ChunkedList } from './chunkedList.ts'
import { chunkedList, ListDraft } from './chunkedList.ts'
import { firstEntry, type PlanEdge, type ScopePlan } from './scopePlan.ts'

/** The context of a scope's machine: what its tokens have come to. Plain JSON; ports and counts, never outputs. */
export interface Ledger {
  /** By the node's place in the scope. */
  readonly nodes: ChunkedList<NodeToken>
  /** By the group's place in the scope. */
  readonly groups: ChunkedList<GroupToken>
  /** The node that ended the scope before it was settled. */
  readonly returned?: number
}

export interface NodeToken {
  readonly status: 'waiting' | 'running' | 'finished' | 'skipped' | 'cancelled'
  /** Forward in-edges that are neither live nor dead yet. */
  readonly needs: number
  /** Whether an in-edge is live. */
  readonly live: boolean
  /** Starts in this scope so far. */
  readonly visits: number
  /** The port it finished on. */
  readonly port?: string
}

export interface GroupToken {
  /** Nodes and inner groups that are not settled, in this iteration. */
  readonly open: number
  /** Starts of the header since the loop was entered. */
  readonly starts: number
}

/** What a step leads to, by the nodes' numbers. */
export type LedgerCommand =
  | {
      readonly type: 'start' | 'exceed'
      readonly node: number
      readonly visit: number
      readonly prev: readonly PlanEdge[]
    }
  | { readonly type: 'skip'; readonly node: number }
  | { readonly type: 'cancel'; readonly node: number; readonly visit: number }

/** The tokens before the first step; `inDegrees` are the counts that the machine's context begins with. */
export function emptyLedger(plan: ScopePlan, inDegrees: Readonly<Record<string, number>> = {}): Ledger {
  const countOf = (id: string): number | undefined => (Object.hasOwn(inDegrees, id) ? inDegrees[id] : undefined)
  return {
    nodes: chunkedList(
      plan.nodes.map((node): NodeToken => ({
        status: 'waiting',
        needs: countOf(node.id) ?? node.needs,
        live: false,
        visits: 0,
      })),
    ),
    groups: chunkedList(
      plan.groups.map((group): GroupToken => ({ open: group.nodes.length + group.inner.length, starts: 0 })),
    ),
  }
}

/** One step of a scope's tokens: EXECUTION.md 3, over changes collected in drafts. The ledger it began with stays. */
export class LedgerStep {
  readonly commands: LedgerCommand[] = []
  /** States of blocks in which all is settled now. */
  readonly doneBlocks: string[] = []
  private readonly plan: ScopePlan
  private readonly nodes: ListDraft<NodeToken>
  private readonly groups: ListDraft<GroupToken>
  private returned: number | undefined
  /** Edges resolved but not followed yet. */
  private readonly queue: { edge: PlanEdge; live: boolean }[] = []
  /** Nodes that wait for no edge any more, with the edge that did it where they join `any`. */
  private ready: { node: number; first?: PlanEdge }[] = []

  constructor(plan: ScopePlan, ledger: Ledger) {
    this.plan = plan
    this.nodes = new ListDraft(ledger.nodes)
    this.groups = new ListDraft(ledger.groups)
    this.returned = ledger.returned
  }

  done(): Ledger {
    const returned = this.returned === undefined ? {} : { returned: this.returned }
    return { nodes: this.nodes.done(), groups: this.groups.done(), ...returned }
  }

  get hasReturned(): boolean {
    return this.returned !== undefined
  }

  token(node: number): NodeToken {
    return this.nodes.get(node)
  }

  /** Starts the entries; where there are triggers, the one that fired alone. */
  begin(fired: number | undefined): void {
    for (const node of this.plan.unreachable) this.commands.push({ type: 'skip', node })
    for (const node of this.plan.unreachable) this.nodes.set(node, { ...this.nodes.get(node), status: 'skipped' })
    const only = firstEntry(this.plan, fired)
    for (const node of this.plan.entries) {
      if (only === undefined || node === only) this.start(node, [])
      else this.skip(node)
    }
    this.follow()
  }

  /** Ends a visit. Where several dataflow states hear of it, the first one counts. */
  finish(node: number, visit: number, port: string): void {
    const { status, visits } = this.nodes.get(node)
    if (this.plan.nodes[node]?.isCounted === true && (status !== 'running' || visits !== visit)) return
    if (this.plan.nodes[node]?.isReturn && port !== errorPort) this.return(node)
    else {
      this.settle(node, 'finished', port)
      this.follow()
    }
  }

  private return(node: number): void {
    this.nodes.set(node, { ...this.nodes.get(node), status: 'finished' })
    this.returned = node
    this.cancelAll()
  }

  /** Cancels what runs. */
  cancelAll(): void {
    this.plan.nodes.forEach((_, node) => {
      const token = this.nodes.get(node)
      if (token.status !== 'running') return
      this.nodes.set(node, { ...token, status: 'cancelled' })
      this.commands.push({ type: 'cancel', node, visit: token.visits })
    })
  }

  /** Finished nodes without a live out-edge. */
  leaves(): number[] {
    return this.plan.nodes.flatMap((node, number) => {
      const { status, port } = this.nodes.get(number)
      return status === 'finished' && !node.out.some((edge) => edge.port === port) ? [number] : []
    })
  }

  /**
   * Follows all edges that are resolved, then starts what is ready: first the joins `any` in file order, because what
   * they leave without use does not start any more.
   */
  private follow(): void {
    this.followEdges()
    const races = this.ready.filter(({ node }) => this.plan.nodes[node]?.joinsAny).sort((a, b) => a.node - b.node)
    for (const { node, first } of races) {
      if (this.nodes.get(node).status !== 'waiting') continue
      this.start(node, first ? [first] : [])
      this.cancelLosers(node)
      this.followEdges()
    }
    for (const { node } of this.ready) {
      if (this.nodes.get(node).status !== 'waiting') continue
      this.start(
        node,
        (this.plan.nodes[node]?.into ?? []).filter((edge) => edge.repeats === -1 && this.isLive(edge)),
      )
    }
    this.ready = []
  }

  /** Only what waits is told: a target that has ended may be cleared for its next iteration before the queue is empty. */
  private pass(edge: PlanEdge, live: boolean): void {
    if (this.nodes.get(edge.to).status === 'waiting') this.queue.push({ edge, live })
  }

  private followEdges(): void {
    for (let next = 0; next < this.queue.length; next++) {
      const resolved = this.queue[next]
      if (resolved) this.resolve(resolved.edge, resolved.live)
    }
    this.queue.length = 0
  }

  private resolve(edge: PlanEdge, isLive: boolean): void {
    const token = this.nodes.get(edge.to)
    if (token.status !== 'waiting') return
    const needs = token.needs - 1
    const live = token.live || isLive
    this.nodes.set(edge.to, { ...token, needs, live })
    if (this.plan.nodes[edge.to]?.joinsAny === true && live) {
      if (!token.live) this.ready.push({ node: edge.to, first: edge })
    } else if (needs === 0) {
      if (live) this.ready.push({ node: edge.to })
      else this.skip(edge.to)
    }
  }

  private isLive(edge: PlanEdge): boolean {
    const { status, port } = this.nodes.get(edge.from)
    return status === 'finished' && port === edge.port
  }

  private start(node: number, prev: readonly PlanEdge[]): void {
    const { heads = -1, isCounted = true } = this.plan.nodes[node] ?? {}
    const token = this.nodes.get(node)
    const visit = token.visits + 1
    const limit = this.plan.groups[heads]?.maxVisits ?? Infinity
    const starts = heads === -1 ? 0 : this.groups.get(heads).starts + 1
    if (heads !== -1) this.groups.set(heads, { ...this.groups.get(heads), starts })
    if (isCounted) this.nodes.set(node, { status: 'running', needs: token.needs, live: true, visits: visit })
    this.commands.push({ type: starts > limit ? 'exceed' : 'start', node, visit, prev })
  }

  private skip(node: number): void {
    this.commands.push({ type: 'skip', node })
    this.settle(node, 'skipped')
  }

  private settle(node: number, status: 'finished' | 'skipped', port?: string): void {
    const token = this.nodes.get(node)
    this.nodes.set(node, { ...token, status, ...(port !== undefined && { port }) })
    for (const edge of this.plan.nodes[node]?.out ?? []) {
      if (edge.leaves === -1 && edge.repeats === -1) this.pass(edge, edge.port === port)
    }
    this.close(this.plan.nodes[node]?.group ?? -1)
  }

  /** One member less is open: an iteration may be over, and with it the loop, and with that the one around it. */
  private close(group: number): void {
    for (let at = group; at !== -1; at = this.plan.groups[at]?.parent ?? -1) {
      const token = this.groups.get(at)
      this.groups.set(at, { ...token, open: token.open - 1 })
      if (token.open > 1) return
      const { backs = [], exits = [], state } = this.plan.groups[at] ?? {}
      if (state !== undefined) this.doneBlocks.push(state)
      const live = backs.filter((edge) => this.isLive(edge))
      if (live.length > 0) {
        this.repeat(at, live)
        return
      }
      for (const edge of exits) this.pass(edge, this.isLive(edge))
    }
  }

  private repeat(loop: number, prev: readonly PlanEdge[]): void {
    const { starts } = this.groups.get(loop)
    this.clear(loop)
    this.groups.set(loop, { ...this.groups.get(loop), starts })
    this.start(this.plan.groups[loop]?.header ?? -1, prev)
  }

  private clear(group: number): void {
    const { nodes = [], inner = [] } = this.plan.groups[group] ?? {}
    for (const node of nodes) {
      this.nodes.set(node, {
        status: 'waiting',
        needs: this.plan.nodes[node]?.needs ?? 0,
        live: false,
        visits: this.nodes.get(node).visits,
      })
    }
    this.groups.set(group, { open: nodes.length + inner.length, starts: 0 })
    for (const at of inner) this.clear(at)
  }

  /** Cancels, after a join `any` has started, what can lead to joins that have started only. EXECUTION.md 3.4. */
  private cancelLosers(join: number): void {
    const losers = this.unfinishedBefore(join)
    const work = [...losers]
    for (let node = work.pop(); node !== undefined; node = work.pop()) {
      if (!losers.has(node) || this.leadsNowhere(node, losers)) continue
      losers.delete(node)
      for (const edge of this.plan.nodes[node]?.into ?? []) if (losers.has(edge.from)) work.push(edge.from)
    }
    const inOrder = [...losers].sort((a, b) => a - b)
    for (const node of inOrder) {
      const token = this.nodes.get(node)
      this.nodes.set(node, { ...token, status: 'cancelled' })
      this.commands.push({ type: 'cancel', node, visit: token.status === 'running' ? token.visits : token.visits + 1 })
    }
    const started = new Set(inOrder)
    for (let at = this.commands.length - 1; at >= 0; at--) {
      const command = this.commands[at]
      if (command?.type === 'start' && started.has(command.node)) this.commands.splice(at, 1)
    }
    for (const node of inOrder) this.close(this.plan.nodes[node]?.group ?? -1)
  }

  private unfinishedBefore(join: number): Set<number> {
    const found = new Set<number>()
    const work = [join]
    for (let node = work.pop(); node !== undefined; node = work.pop()) {
      for (const edge of this.plan.nodes[node]?.into ?? []) {
        if (found.has(edge.from) || edge.from === join || !this.isUnfinished(edge.from)) continue
        found.add(edge.from)
        work.push(edge.from)
      }
    }
    return found
  }

  private isUnfinished(node: number): boolean {
    const { status } = this.nodes.get(node)
    return status === 'waiting' || status === 'running'
  }

  private leadsNowhere(node: number, losers: ReadonlySet<number>): boolean {
    const out = this.plan.nodes[node]?.out ?? []
    return out.length > 0 && out.every((edge) => losers.has(edge.to) || this.isVoid(edge))
  }

  private isVoid(edge: PlanEdge): boolean {
    const { status } = this.nodes.get(edge.to)
    if (status === 'cancelled') return true
    return edge.repeats === -1 && status !== 'waiting' && (this.plan.nodes[edge.to]?.joinsAny ?? false)
  }
}
