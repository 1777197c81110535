import type { Flow } from '../../model/document.ts'
import { flowOf, type NodeNote } from './flows.ts'
import type { Random } from './random.ts'

/** A port that waits to be wired. */
type End = `${string}:${string}`

/**
 * Draws a flow of about a dozen nodes: chains, choices, forks, loops inside each other, error edges, loose ends,
 * returns, joins `any`, and now and then an edge across the structure. It need not be valid: that is the compiler's to say.
 */
export function randomFlow(random: Random): Flow {
  const draft = new FlowDraft(random)
  const size = 1 + random.below(4)
  let ends: End[] = ['start:out']
  for (let count = 0; count < size; count++) ends = draft.block(ends, 0)
  if (random.chance(0.4)) draft.scatter(1 + random.below(3))
  return draft.flow()
}

class FlowDraft {
  private readonly edges = new Set<string>()
  private readonly notes: Record<string, NodeNote & { ports: string[] }> = {}
  private readonly random: Random
  private count = 0

  constructor(random: Random) {
    this.random = random
  }

  flow(): Flow {
    return flowOf([...this.edges], { start: {}, ...this.shuffled() })
  }

  /** File order must not follow the order of execution, or nothing would depend on it. */
  private shuffled(): Record<string, NodeNote> {
    const entries = Object.entries(this.notes)
    for (let at = entries.length - 1; at > 0; at--) {
      const other = this.random.below(at + 1)
      const [a, b] = [entries[at], entries[other]]
      if (a && b) [entries[at], entries[other]] = [b, a]
    }
    return Object.fromEntries(entries)
  }

  block(ends: End[], depth: number): End[] {
    if (this.random.chance(0.06) || this.count > 20) return ends
    const shapes = depth > 2 ? [this.step] : [this.step, this.step, this.choice, this.fork, this.fork, this.loop]
    return this.random.pick(shapes).call(this, ends, depth)
  }

  private node(ends: readonly End[], ports: string[] = ['out']): string {
    const id = `n${String(++this.count)}`
    const isRace = ends.length > 1 && this.random.chance(0.2)
    this.notes[id] = { ports, ...(isRace && { policy: { join: 'any' } }) }
    for (const end of ends) this.edges.add(`${end} -> ${id}`)
    return id
  }

  private step(ends: End[]): End[] {
    if (this.random.chance(0.06)) {
      const id = this.node(ends)
      this.notes[id] = { ...this.notes[id], kind: 'return', ports: [] }
      return []
    }
    const id = this.node(ends)
    if (this.random.chance(0.15)) return [`${id}:out`, `${id}:error`]
    return this.random.chance(0.1) ? [] : [`${id}:out`]
  }

  private choice(ends: End[], depth: number): End[] {
    const ports = ['a', 'b', 'c'].slice(0, 2 + this.random.below(2))
    const id = this.node(ends, ports)
    return ports.flatMap((port) => this.branch(`${id}:${port}`, depth))
  }

  private fork(ends: End[], depth: number): End[] {
    const id = this.node(ends)
    return Array.from({ length: 2 + this.random.below(3) }, () => this.branch(`${id}:out`, depth)).flat()
  }

  private branch(end: End, depth: number): End[] {
    let ends: End[] = [end]
    for (let count = this.random.below(3); count > 0; count--) ends = this.block(ends, depth + 1)
    return ends
  }

  private loop(ends: End[], depth: number): End[] {
    if (this.random.chance(0.25)) {
      const id = this.header(this.node(ends, ['again', 'done']))
      this.edges.add(`${id}:again -> ${id}`)
      return [`${id}:done`]
    }
    const head = this.header(this.node(ends, this.random.chance(0.3) ? ['go', 'stop'] : ['go']))
    const inside = this.branch(`${head}:go`, depth)
    const left: End[] = this.notes[head]?.ports.includes('stop') === true ? [`${head}:stop`] : []
    if (inside.length === 0) return left
    if (left.length > 0 && this.random.chance(0.5)) {
      for (const end of inside) this.edges.add(`${end} -> ${head}`)
      return left
    }
    const tail = this.node(inside, ['again', 'done'])
    this.edges.add(`${tail}:again -> ${head}`)
    return [...left, `${tail}:done`]
  }

  private header(id: string): string {
    const note = this.notes[id] ?? { ports: [] }
    this.notes[id] = { ...note, policy: { ...note.policy, maxVisits: 1 + this.random.below(4) } }
    return id
  }

  /** Edges across the structure: interleaved joins, further exits, sometimes nonsense. */
  scatter(count: number): void {
    const ids = Object.keys(this.notes)
    if (ids.length < 3) return
    for (let left = count; left > 0; left--) {
      const at = this.random.below(ids.length - 1)
      const isBackward = this.random.chance(0.1)
      const from = ids[at] ?? ''
      const to = isBackward ? this.random.pick(ids.slice(0, at + 1)) : this.random.pick(ids.slice(at + 1))
      const ports = this.notes[from]?.ports ?? []
      if (ports.length > 0) this.edges.add(`${from}:${this.random.pick(ports)} -> ${to}`)
    }
  }
}
