import type { NodePlace, RunEvent, Usage } from './events.ts'
import type { Json } from './json.ts'
import { isJsonObject } from './json.ts'
import { copyMap } from './maps.ts'
import { isNodePath, nodeIdOf, ownerOf } from './nodePath.ts'
import type { LogEntry, NodeState, RunState } from './runState.ts'

/**
 * Adds one event to a run's state. Pure and total: events already folded (by `seq`) and events of unknown types change
 * nothing else. Copies the maps it changes: for more than a few events use {@link reduceRunAll}.
 */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  return reduceRunAll(state, [event])
}

/**
 * Adds events in order; the cost is one copy of the maps that change plus a constant per event. States of nodes that no
 * event names stay the same objects.
 */
export function reduceRunAll(state: RunState, events: readonly RunEvent[]): RunState {
  const fold = new Fold(state)
  for (const event of events) fold.add(event)
  return fold.result()
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>

/** A run state being changed: every map and list is copied before its first change. */
class Fold {
  private readonly state: Mutable<RunState>
  private readonly before: RunState
  private nodes: Record<string, NodeState> | undefined
  private latest: Record<string, string> | undefined
  private steps: Record<string, readonly string[]> | undefined
  private vars: Record<string, Json> | undefined
  private logs: LogEntry[] | undefined
  private readonly ownSteps = new Map<string, string[]>()

  constructor(before: RunState) {
    this.before = before
    this.state = { ...before }
  }

  result(): RunState {
    return this.state.seq === this.before.seq ? this.before : this.state
  }

  add(event: RunEvent): void {
    if (event.seq <= this.state.seq) return
    this.state.seq = event.seq
    if (event.type.startsWith('run.')) this.addRun(event)
    else this.addStep(event)
  }

  private addRun(event: RunEvent): void {
    switch (event.type) {
      case 'run.started': {
        const { runId, seq: _seq, at, type: _type, ...started } = event
        this.set({ runId, status: 'running', startedAt: at, started })
        return
      }
      case 'run.finished':
        this.set({ status: 'completed', output: event.output, endedAt: event.at, waitingOn: [] })
        return
      case 'run.failed':
        this.set({ status: 'failed', error: event.error, endedAt: event.at, waitingOn: [] })
        return
      case 'run.cancelled':
        this.set({ status: 'cancelled', endedAt: event.at, waitingOn: [] })
        return
      case 'run.waiting':
        this.set({ status: 'waiting', waitingOn: event.on })
        return
      case 'run.repaired':
        this.resume()
        delete this.state.error
        delete this.state.endedAt
        return
      default:
    }
  }

  private addStep(event: RunEvent): void {
    if (this.state.status === 'waiting' && event.type !== 'node.waiting' && event.type !== 'log') this.resume()
    switch (event.type) {
      case 'node.started':
        return this.start(event)
      case 'node.retrying':
        return this.change(event, {
          status: 'retrying',
          error: event.error,
          attempt: event.attempt,
          resumeAt: event.resumeAt,
        })
      case 'node.waiting':
        return this.wait(event)
      case 'effect.intended':
        return this.change(event, { status: 'running', key: event.key, attempt: event.attempt })
      case 'timer.fired':
        return this.fire(event)
      case 'log':
        return this.log(event)
      default:
        this.addEnd(event)
    }
  }

  private addEnd(event: RunEvent): void {
    switch (event.type) {
      case 'node.finished':
        return this.finish(event)
      case 'node.failed':
        return this.change(event, {
          status: 'failed',
          error: event.error,
          endedAt: event.at,
          ...(event.port !== undefined && { port: event.port }),
        })
      case 'node.skipped':
        return this.change(
          { ...event, visit: this.state.nodes[event.node]?.visit ?? 0 },
          { status: 'skipped', endedAt: event.at },
        )
      case 'node.cancelled':
        return this.change(event, { status: 'cancelled', endedAt: event.at })
      case 'node.unknown':
        return this.change(event, { status: 'unknown', key: event.key, endedAt: event.at })
      default:
    }
  }

  private set(patch: Partial<RunState>): void {
    Object.assign(this.state, patch)
  }

  private resume(): void {
    this.set({ status: 'running', waitingOn: [] })
  }

  private start(event: EventOf<'node.started'>): void {
    const kept = this.state.nodes[event.node]
    this.put({
      path: event.node,
      status: 'running',
      visit: event.visit,
      visits: Math.max(kept?.visits ?? 0, event.visit),
      startedAt: event.at,
      attempt: 1,
      ...(event.data !== undefined && { data: event.data }),
      ...(event.call && { call: event.call }),
      ...(kept?.output !== undefined && { output: kept.output }),
      ...(kept?.error && { error: kept.error }),
      ...(kept?.port !== undefined && { earlierPorts: [...new Set([...(kept.earlierPorts ?? []), kept.port])] }),
    })
  }

  private finish(event: EventOf<'node.finished'>): void {
    const { port, output, usage, source, vars } = event
    const patch = {
      status: 'done' as const,
      port,
      output,
      endedAt: event.at,
      ...(usage && { usage }),
      ...(source && { source }),
    }
    this.change(event, patch, 'error')
    if (usage && !this.stepsHaveUsage(event.node)) this.state.usage = sum(this.state.usage, usage)
    if (vars && !this.isInsideItems(event.node)) {
      this.vars ??= this.state.vars = copyMap(this.state.vars)
      Object.assign(this.vars, vars)
    }
  }

  private wait(event: EventOf<'node.waiting'>): void {
    const { reason, until, detail } = event
    const waiting = { reason, ...(until !== undefined && { until }), ...(detail !== undefined && { detail }) }
    this.change(event, { status: 'waiting', waiting })
  }

  private fire(event: EventOf<'timer.fired'>): void {
    const status = this.state.nodes[event.node]?.status
    if (status === 'waiting' || status === 'retrying') this.change(event, { status: 'running' })
  }

  private log({ seq, at, node, visit, level, message }: EventOf<'log'>): void {
    this.logs ??= this.state.logs = [...this.state.logs]
    this.logs.push({ seq, at, node, visit, level, message })
  }

  /** Changes a node's state within its visit; events of earlier visits come too late to say anything. */
  private change({ node: path, visit }: NodePlace, patch: Partial<NodeState>, drop?: 'error'): void {
    const known = this.state.nodes[path]
    if (known && visit < known.visit) return
    const {
      resumeAt: _resumeAt,
      waiting: _waiting,
      ...kept
    } = known ?? { path, visit, visits: 0, attempt: 1, status: 'running' as const }
    const next: Mutable<NodeState> = { ...kept, ...patch }
    if (drop) delete next[drop]
    this.put(next)
  }

  private put(node: NodeState): void {
    const { path } = node
    this.nodes ??= this.state.nodes = copyMap(this.state.nodes)
    if (!this.nodes[path]) this.appear(path)
    this.nodes[path] = node
    const id = nodeIdOf(path)
    if (!isNodePath(path) || this.state.latest[id] === path) return
    this.latest ??= this.state.latest = copyMap(this.state.latest)
    this.latest[id] = path
  }

  /** Enters a path that is new below the steps that contain it. */
  private appear(path: string): void {
    const owner = ownerOf(path)
    if (owner === undefined) return
    this.steps ??= this.state.steps = copyMap(this.state.steps)
    const known = this.steps[owner]
    if (!known && owner.endsWith(']')) this.appear(owner)
    const own = this.ownSteps.get(owner) ?? [...(known ?? [])]
    own.push(path)
    this.ownSteps.set(owner, own)
    this.steps[owner] = own
  }

  /** An agent sums up its turns, a node under `each` its items: those are counted already. */
  private stepsHaveUsage(path: string): boolean {
    return (this.state.steps[path] ?? []).some((step) => this.state.nodes[step]?.usage)
  }

  private isInsideItems(path: string): boolean {
    for (let owner = ownerOf(path); owner !== undefined; owner = ownerOf(owner)) {
      const data = this.state.nodes[owner]?.data
      if (isJsonObject(data) && data['items'] !== undefined) return true
    }
    return false
  }
}

function sum(a: Usage, b: Usage): Usage {
  const cost = a.cost === undefined && b.cost === undefined ? undefined : (a.cost ?? 0) + (b.cost ?? 0)
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...(cost !== undefined && { cost }),
  }
}
