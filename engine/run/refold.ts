import type { EventBody, RunEvent } from '../../model/events.ts'
import type { FlowMachine } from '../compile/machine.ts'
import { advance } from './advance.ts'
import { initialState, repairedState } from './initialState.ts'
import { reuseTableOf, type ReuseTable } from './reuse.ts'
import type { RunState } from './state.ts'

/** A run read back from its log. */
export interface Refolded {
  readonly state: RunState
  readonly machine: FlowMachine
  /** Consequences of what was folded that the log does not hold (yet). */
  readonly owed: readonly EventBody[]
  readonly differences: readonly Difference[]
}

/** Where the log is not what the machine makes of the recorded results. */
export interface Difference {
  readonly seq: number
  readonly expected: string
  readonly found: string
}

export interface LogSources {
  machineOf(hash: string): FlowMachine
  /** Sees the state after every event. */
  onFolded?: (state: RunState) => void
  /** What the run that this one was forked from had recorded. */
  forkedFrom?: ReuseTable | undefined
}

/** Folds a log from its beginning with nothing executed. Throws where it does not begin with `run.started`. */
export function refold(events: readonly RunEvent[], sources: LogSources): Refolded {
  const [started] = events
  if (started?.type !== 'run.started') throw new Error('a log must begin with run.started')
  const refolding = new Refolding(sources.machineOf(started.machine), initialState(started, sources.forkedFrom))
  for (const [i, event] of events.entries()) {
    if (event.type === 'run.repaired') {
      const reuse = reuseTableOf(events.slice(0, i), (hash) => sources.machineOf(hash), { dropsIntents: false })
      refolding.repair(sources.machineOf(event.machine), reuse)
    }
    refolding.fold(event)
    sources.onFolded?.(refolding.state)
  }
  return refolding
}

class Refolding implements Refolded {
  state: RunState
  machine: FlowMachine
  owed: EventBody[] = []
  readonly differences: Difference[] = []

  constructor(machine: FlowMachine, state: RunState) {
    this.machine = machine
    this.state = state
  }

  repair(machine: FlowMachine, reuse: ReuseTable): void {
    this.machine = machine
    this.state = repairedState(this.state, reuse)
    this.owed = []
  }

  fold(event: RunEvent): void {
    const isOwed = this.#settle(event)
    const { state, commands } = advance(this.machine, this.state, event)
    this.state = state
    for (const command of commands) {
      if (command.type === 'record') this.owed.push(command.body)
    }
    if (!isOwed && mustBeOwed.has(event.type)) this.#differ(event, 'nothing of the kind')
  }

  /** Takes the event off what is owed; consequences are logged in the order in which they arise. */
  #settle(event: RunEvent): boolean {
    const [first] = this.owed
    if (!first || event.type === 'log') return false
    if (describe(first) === describe(event)) {
      this.owed.shift()
      return true
    }
    if (event.type === 'run.cancelled' || event.type === 'node.cancelled') return true
    this.#differ(event, describe(first))
    return false
  }

  #differ(event: RunEvent, expected: string): void {
    this.differences.push({ seq: event.seq, expected, found: describe(event) })
  }
}

/** Events that are never more than a consequence of others. */
const mustBeOwed: ReadonlySet<string> = new Set(['node.skipped', 'run.finished', 'run.failed'])

function describe(body: EventBody): string {
  if (!('node' in body)) return body.type
  const port =
    (body.type === 'node.finished' || body.type === 'node.failed') && body.port !== undefined ? ` on ${body.port}` : ''
  return `${body.type} ${body.node}#${String(body.visit)}${port}`
}
