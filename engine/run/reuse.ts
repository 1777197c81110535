import type { RunEvent, Usage } from '../../model/events.ts'
import type { Failure } from '../../model/failure.ts'
import { jsonEquals, type Json } from '../../model/json.ts'
import type { FlowMachine } from '../compile/machine.ts'
import { nodeId } from './state.ts'

/**
 * A log read as a table, for repair and fork: (node path, visit) -> (kind, resolved settings, outcome).
 * EXECUTION.md 5.3.
 */
export type ReuseTable = ReadonlyMap<string, ReuseEntry>

export interface ReuseEntry {
  readonly kind: string
  readonly data: Json
  readonly outcome: ReuseOutcome
}

export type ReuseOutcome =
  | {
      readonly type: 'finished'
      readonly port: string
      readonly output: Json
      readonly vars?: Readonly<Record<string, Json>>
      readonly usage?: Usage
    }
  /** The flow went on over `port` in spite of the failure. */
  | { readonly type: 'failed'; readonly port: string; readonly error: Failure }
  /** An effect that must not be repeated was announced and has no result. */
  | { readonly type: 'unknown'; readonly key: string }
  | { readonly type: 'unfinished' }

export function reuseKey(path: string, visit: number): string {
  return `${path}#${String(visit)}`
}

/** The recorded outcome for these settings, where there is one. */
export function findReuse(
  table: ReuseTable,
  path: string,
  visit: number,
  kind: string,
  data: Json,
): ReuseOutcome | undefined {
  const entry = table.get(reuseKey(path, visit))
  return entry?.kind === kind && jsonEquals(entry.data, data) ? entry.outcome : undefined
}

interface Options {
  /** Open intents are dropped: the run they belong to answers for them (a fork). */
  readonly dropsIntents: boolean
}

/** Reads the table off a log; `machineOf` gives the machine of a hash. Later records of a visit replace earlier ones. */
export function reuseTableOf(
  events: readonly RunEvent[],
  machineOf: (hash: string) => FlowMachine,
  options: Options,
): ReuseTable {
  const reader = new LogReader(machineOf, options)
  for (const event of events) reader.read(event)
  return reader.table
}

class LogReader {
  readonly table = new Map<string, ReuseEntry>()
  readonly #machineOf: (hash: string) => FlowMachine
  readonly #options: Options
  #machine: FlowMachine | undefined
  /** Compensators' targets, newest last, so that what was undone leaves the table. */
  #undoable: { key: string; compensator: string }[] = []

  constructor(machineOf: (hash: string) => FlowMachine, options: Options) {
    this.#machineOf = machineOf
    this.#options = options
  }

  read(event: RunEvent): void {
    switch (event.type) {
      case 'run.started':
      case 'run.repaired':
        this.#machine = this.#machineOf(event.machine)
        this.#undoable = []
        return
      case 'node.started':
        return this.#onStarted(event)
      case 'node.finished': {
        const { port, output, vars, usage } = event
        this.#settle(event, { type: 'finished', port, output, ...(vars && { vars }), ...(usage && { usage }) })
        return this.#noteUndoable(event.node, event.visit)
      }
      case 'node.failed':
        return this.#settle(
          event,
          event.port === undefined ? { type: 'unfinished' } : { type: 'failed', port: event.port, error: event.error },
        )
      case 'node.retrying':
        return this.#settle(event, { type: 'unfinished' })
      case 'effect.intended':
        return event.idempotent ? undefined : this.#onOpenIntent(event)
      case 'node.unknown':
        return this.#onOpenIntent(event)
      default:
    }
  }

  #onStarted(event: Extract<RunEvent, { type: 'node.started' }>): void {
    this.#dropUndone(event.node)
    const kind = event.call ? callKind(event.call) : (this.#planned(event.node)?.kind ?? '')
    this.table.set(reuseKey(event.node, event.visit), {
      kind,
      data: event.data ?? null,
      outcome: { type: 'unfinished' },
    })
  }

  #settle(place: { node: string; visit: number }, outcome: ReuseOutcome): void {
    const key = reuseKey(place.node, place.visit)
    const entry = this.table.get(key)
    if (entry) this.table.set(key, { ...entry, outcome })
  }

  /** An intent that stands is unknown, whether the log says so yet or not. */
  #onOpenIntent(event: Extract<RunEvent, { type: 'effect.intended' | 'node.unknown' }>): void {
    if (!this.#options.dropsIntents) this.#settle(event, { type: 'unknown', key: event.key })
  }

  #noteUndoable(path: string, visit: number): void {
    const compensator = this.#planned(path)?.policy?.compensate
    if (compensator !== undefined) this.#undoable.push({ key: reuseKey(path, visit), compensator })
  }

  /** A compensator that starts undoes the newest visit it stands for, whatever becomes of it. */
  #dropUndone(path: string): void {
    if (this.#planned(path)?.offline !== 'compensator') return
    const index = this.#undoable.findLastIndex((one) => one.compensator === nodeId(path))
    const [undone] = index === -1 ? [] : this.#undoable.splice(index, 1)
    if (undone) this.table.delete(undone.key)
  }

  #planned(path: string) {
    const nodes = this.#machine?.meta.switchyard.nodes
    const id = nodeId(path)
    return nodes && Object.hasOwn(nodes, id) ? nodes[id] : undefined
  }
}

/** What stands for the kind of an agent's step. */
export function callKind(call: NonNullable<Extract<RunEvent, { type: 'node.started' }>['call']>): string {
  return call.type === 'tool' ? `tool:${call.tool}` : `model:${call.model}`
}
