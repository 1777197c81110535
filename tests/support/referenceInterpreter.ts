import type { Flow } from '../../model/document.ts'
import type { Edge } from '../../model/edges.ts'

/** What one step of the tokens leads to; every list in file order. */
export interface ReferenceStep {
  starts: { node: string; visit: number; prev: string[]; exceeds: boolean }[]
  skips: string[]
  cancels: string[]
  ended?: { returned?: string; leaves: string[] }
}

type Status = 'waiting' | 'running' | 'finished' | 'skipped' | 'cancelled'

/**
 * The token rules (EXECUTION.md 3) of a flow without containers, written down as they are said, for flows of a dozen
 * nodes: sets and repetition, no analysis shared with the compiler. `finish` plays one node's end.
 */
export class ReferenceInterpreter {
  private readonly flow: Flow
  private readonly entries: readonly string[]
  private readonly ids: string[]
  private readonly backs: Edge[]
  private readonly forward: Edge[]
  private readonly loops: { header: string; body: Set<string>; isOver: boolean; starts: number }[]
  private readonly status = new Map<string, Status>()
  private readonly ports = new Map<string, string>()
  private readonly visits = new Map<string, number>()
  private step: ReferenceStep = { starts: [], skips: [], cancels: [] }

  /** `entries` start first: the start, or the nodes of a body without an in-edge. */
  constructor(flow: Flow, entries: readonly string[] = ['start']) {
    this.flow = flow
    this.entries = entries
    this.ids = Object.keys(flow.nodes)
    for (const id of this.ids) this.status.set(id, 'waiting')
    const reached = this.reachable()
    const edges = flow.edges.filter((edge) => reached.has(edge.from))
    this.backs = edges.filter((edge) => !this.reachable(edge.to).has(edge.from))
    this.forward = edges.filter((edge) => !this.backs.includes(edge))
    this.loops = [...new Set(this.backs.map((edge) => edge.to))]
      .map((header) => ({ header, body: this.bodyOf(header), isOver: false, starts: 0 }))
      .sort((a, b) => a.body.size - b.body.size)
  }

  begin(): ReferenceStep {
    const reached = this.reachable()
    for (const id of this.ids) if (!reached.has(id)) this.end(id, 'skipped')
    for (const entry of this.entries) this.start(entry, [])
    return this.settle()
  }

  finish(node: string, port: string): ReferenceStep {
    this.ports.set(node, port)
    this.end(node, 'finished')
    if (this.flow.nodes[node]?.kind !== 'return' || port === 'error') return this.settle()
    for (const id of this.ids) if (this.status.get(id) === 'running') this.end(id, 'cancelled')
    return this.take({ returned: node, leaves: [] })
  }

  running(): string[] {
    return this.ids.filter((id) => this.status.get(id) === 'running')
  }

  visit(node: string): number {
    return this.visits.get(node) ?? 0
  }

  private settle(): ReferenceStep {
    while (this.endLoop() || this.moveNode());
    const isOver = this.ids.every((id) => this.isDone(id)) && this.loops.every((loop) => loop.isOver)
    const leaves = this.ids.filter(
      (id) => this.status.get(id) === 'finished' && !this.outOf(id).some((edge) => this.isChosen(edge)),
    )
    return this.take(isOver ? { leaves } : undefined)
  }

  private take(ended: ReferenceStep['ended']): ReferenceStep {
    const { starts, skips, cancels } = this.step
    const byFile = (a: string, b: string): number => this.ids.indexOf(a) - this.ids.indexOf(b)
    this.step = { starts: [], skips: [], cancels: [] }
    return {
      starts: starts.sort((a, b) => byFile(a.node, b.node)),
      skips: skips.sort(byFile),
      cancels: cancels.sort(byFile),
      ...(ended && { ended }),
    }
  }

  /** 3.5: the first loop, inner ones first, whose iteration has ended goes on or is left. */
  private endLoop(): boolean {
    const loop = this.loops.find(
      ({ body, isOver }) => !isOver && [...body].every((id) => this.isDone(id) && this.innerLoopsOver(body, id)),
    )
    if (!loop) return false
    const { header, body } = loop
    const live = this.backs.filter((edge) => edge.to === header && this.isChosen(edge))
    if (live.length === 0) {
      loop.isOver = true
      return true
    }
    for (const inner of this.loops)
      if (inner !== loop && body.has(inner.header)) Object.assign(inner, { isOver: false, starts: 0 })
    for (const id of body) this.status.set(id, 'waiting')
    this.start(header, live)
    return true
  }

  private innerLoopsOver(body: Set<string>, id: string): boolean {
    return this.loops.every((inner) => inner.isOver || inner.body.size >= body.size || !inner.body.has(id))
  }

  /** 3.3, 3.4: a node without a live edge is skipped; else a join `any` starts; else all that are ready. */
  private moveNode(): boolean {
    const ready: { id: string; live: Edge[]; isAny: boolean }[] = []
    for (const id of this.ids) {
      if (this.status.get(id) !== 'waiting' || this.entries.includes(id)) continue
      const into = this.forward.filter((edge) => edge.to === id)
      const known = into.filter((edge) => this.isResolved(edge))
      const live = known.filter((edge) => this.isChosen(edge))
      const isAny = this.flow.nodes[id]?.policy?.join === 'any'
      if (live.length > 0 ? isAny || known.length === into.length : false) ready.push({ id, live, isAny })
      if (live.length > 0 || known.length < into.length) continue
      this.end(id, 'skipped')
      return true
    }
    const race = ready.find(({ isAny }) => isAny)
    if (race) this.race(race.id, race.live.slice(0, 1))
    else for (const { id, live } of ready) this.start(id, live)
    return ready.length > 0
  }

  private race(join: string, live: Edge[]): void {
    this.start(join, live)
    const set = this.unfinishedBefore(join)
    const isVoid = (edge: Edge): boolean => {
      const status = this.status.get(edge.to) ?? 'waiting'
      const isAbsorbed =
        this.flow.nodes[edge.to]?.policy?.join === 'any' && status !== 'waiting' && !this.backs.includes(edge)
      return set.has(edge.to) || status === 'cancelled' || isAbsorbed
    }
    for (let before = -1; before !== set.size;) {
      before = set.size
      for (const id of set) if (!this.outOf(id).every(isVoid)) set.delete(id)
    }
    for (const id of set) this.end(id, 'cancelled')
    this.step.starts = this.step.starts.filter(({ node }) => !set.has(node))
  }

  /** What may have to do with the race at all: a loop elsewhere whose only way out is a loose end has not. */
  private unfinishedBefore(join: string): Set<string> {
    const isUnfinished = (id: string): boolean =>
      id !== join && ['waiting', 'running'].includes(this.status.get(id) ?? '')
    const found = new Set([join])
    for (const id of found)
      for (const edge of this.flow.edges) if (edge.to === id && isUnfinished(edge.from)) found.add(edge.from)
    found.delete(join)
    return found
  }

  private start(node: string, prev: Edge[]): void {
    const loop = this.loops.find(({ header }) => header === node)
    if (loop) loop.starts++
    const visit = this.visit(node) + 1
    this.status.set(node, 'running')
    this.visits.set(node, visit)
    const exceeds = (loop?.starts ?? 0) > (this.flow.nodes[node]?.policy?.maxVisits ?? 1000)
    this.step.starts.push({
      node,
      visit,
      prev: this.ids.filter((id) => prev.some((edge) => edge.from === id)),
      exceeds,
    })
  }

  private end(node: string, status: Status): void {
    this.status.set(node, status)
    if (status === 'skipped') this.step.skips.push(node)
    if (status === 'cancelled') this.step.cancels.push(node)
  }

  /** 3.5: an edge out of loops is resolved once the outermost of them is over; any other when its node has ended. */
  private isResolved(edge: Edge): boolean {
    const left = this.loops.filter(({ body }) => body.has(edge.from) && !body.has(edge.to))
    return this.isDone(edge.from) && left.every((loop) => loop.isOver)
  }

  private isChosen(edge: Edge): boolean {
    return this.status.get(edge.from) === 'finished' && this.ports.get(edge.from) === edge.fromPort
  }

  private isDone(node: string): boolean {
    return ['finished', 'skipped', 'cancelled'].includes(this.status.get(node) ?? '')
  }

  private outOf(node: string): Edge[] {
    return this.flow.edges.filter((edge) => edge.from === node)
  }

  private reachable(without?: string): Set<string> {
    const found = new Set(this.entries.filter((entry) => entry !== without))
    for (const id of found) for (const edge of this.outOf(id)) if (edge.to !== without) found.add(edge.to)
    return found
  }

  private bodyOf(header: string): Set<string> {
    const body = new Set([header])
    for (const { from, to } of this.backs) if (to === header) body.add(from)
    for (const id of body) {
      if (id === header) continue
      for (const edge of [...this.forward, ...this.backs]) if (edge.to === id) body.add(edge.from)
    }
    return body
  }
}
