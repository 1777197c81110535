import type { EventBody, RunEvent } from '../../model/events.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { RunSummary } from '../../model/protocol.ts'
import type { FlowMachine } from '../compile/machine.ts'
import type { Services } from '../sdk/services.ts'
import { CommitLoop } from './commitLoop.ts'
import { noFailPoint } from './failPoint.ts'
import { initialState } from './initialState.ts'
import { MachineCache } from './machineCache.ts'
import { ProgressBuffer } from './progressBuffer.ts'
import { refold, type Refolded } from './refold.ts'
import { reuseTableOf, type ReuseTable } from './reuse.ts'
import { RunDriver } from './runDriver.ts'
import type {
  Decision,
  Repair,
  ReplayReport,
  RunHost,
  RunHostOptions,
  RunListener,
  RunResult,
  StartRun,
} from './runHost.ts'
import { requireUnknown } from './unknownNodes.ts'
import type { HostParts, RunParts } from './runParts.ts'
import { hasEnded, resultOf } from './runResult.ts'
import { SettingsPlans } from './settingsPlans.ts'
import type { RunState } from './state.ts'

type Started = Extract<RunEvent, { type: 'run.started' }>

/** Builds a host over an open store. It drives nothing until it is asked to. */
export function createRunHost(options: RunHostOptions): RunHost {
  return new LocalRunHost(options)
}

class LocalRunHost implements RunHost {
  readonly #options: RunHostOptions
  readonly #parts: HostParts
  readonly #machines: MachineCache
  readonly #drivers = new Map<string, RunDriver>()
  readonly #listeners = new Set<RunListener>()
  readonly #flowHashes = new Map<string, string>()

  constructor(options: RunHostOptions) {
    const { store, kinds, clock, random, sandbox, failPoint } = options
    this.#options = options
    this.#machines = new MachineCache(store)
    const loop = new CommitLoop({
      journal: store,
      onCommitted: (events) => this.#announce(events),
      onFatal: (error) => this.#onFatal(error),
      failPoint,
      turnBudgetMs: options.turnBudgetMs,
    })
    const progress = new ProgressBuffer(clock, (messages) =>
      this.#listeners.forEach((listener) => listener.progress?.(messages)),
    )
    const plans = new SettingsPlans(kinds.specs)
    this.#parts = {
      kinds,
      clock,
      random,
      sandbox,
      loop,
      progress,
      plans,
      cache: store,
      failPoint: failPoint ?? noFailPoint,
    }
  }

  async startRun(request: StartRun): Promise<string> {
    const { machine, flowPath, input, only, pauseAt } = request
    const started: Started = {
      ...this.#stamp(this.#options.ids(), 1),
      type: 'run.started',
      flow: flowPath,
      name: machine.meta.switchyard.name,
      flowHash: this.#flowHash(request.flowText),
      machine: this.#machines.put(machine),
      input,
      trusted: request.trusted === true,
      ...(only && { only: only.node, given: this.#given(only) }),
      ...(pauseAt !== undefined && { pauseAt }),
    }
    const driver = this.#drive(started, machine, this.#runParts(started, machine, started.trusted === true))
    driver.record(bodyOf(started))
    await this.#committed()
    return started.runId
  }

  async resumeRun(runId: string, repair?: Repair): Promise<void> {
    const driven = this.#drivers.get(runId)
    if (driven && !driven.hasEnded && !repair) {
      driven.goOnFromPause()
      return this.#committed()
    }
    driven?.stop()
    if (driven) await this.#committed()
    const last = this.#options.store.loadLastEvent(runId)?.type
    if (last === 'run.finished') {
      throw new NodeFailure('run-completed', `The run ${runId} has completed; there is nothing to resume.`)
    }
    if (repair || last === 'run.failed' || last === 'run.cancelled') this.#repair(runId, repair ?? {})
    else this.#open(runId).goOnFromPause()
    await this.#committed()
  }

  async resumeRuns(): Promise<string[]> {
    if (this.#options.store.isFromElsewhere) return []
    const open = this.#options.store.openRuns().filter((runId) => !this.#drivers.has(runId))
    for (const runId of open) this.#open(runId)
    await this.#committed()
    return open
  }

  async forkRun(runId: string, seq: number, change: Repair = {}): Promise<string> {
    const events = this.#options.store.loadEvents(runId, seq)
    const [first] = events
    if (first?.type !== 'run.started' || events.at(-1)?.seq !== seq)
      throw new NodeFailure('bad-seq', `The run ${runId} has no event ${String(seq)} to fork at.`)
    const machine = change.machine ?? this.#machines.get(lastMachine(events))
    const { flowHash } = first
    const started: Started = {
      ...first,
      ...this.#stamp(this.#options.ids(), 1),
      flowHash: change.flowText === undefined ? flowHash : this.#flowHash(change.flowText),
      machine: this.#machines.put(machine),
      trusted: change.trusted ?? (change.machine === undefined && isTrusted(events)),
      parent: { runId, seq },
    }
    const parts = this.#runParts(started, machine, started.trusted === true)
    const driver = this.#drive(started, machine, parts, this.#forkTable(events))
    driver.record(bodyOf(started))
    await this.#committed()
    return started.runId
  }

  flowTextAt(runId: string, seq: number): string {
    const { events, flowText } = this.readRun(runId)
    const repaired = events.findLast((event) => event.type === 'run.repaired' && event.seq <= seq && event.flow)
    return repaired?.type === 'run.repaired' && repaired.flow !== undefined
      ? this.#options.store.readDocument(repaired.flow)
      : flowText
  }

  async replayRun(runId: string): Promise<ReplayReport> {
    const events = this.#options.store.loadEvents(runId)
    const { state, differences } = this.#refold(events)
    const end = events.at(-1)
    return { events: events.length, differences, result: resultOf(state, end?.at ?? state.startedAt) }
  }

  async cancelRun(runId: string, reason?: string): Promise<void> {
    const driver = this.#drivers.get(runId) ?? this.#open(runId)
    driver.cancel(reason)
    await this.#committed()
  }

  async resolveNode(runId: string, node: string, decision: Decision): Promise<void> {
    const driver = this.#drivers.get(runId) ?? this.#open(runId, (read) => requireUnknown(read, node))
    driver.resolve(node, decision)
    await this.#committed()
  }

  settled(runId: string): Promise<RunResult> {
    const driver = this.#drivers.get(runId)
    if (driver) return new Promise((resolve) => driver.whenSettled(resolve))
    const summary = this.#options.store.readRun(runId)?.summary
    if (!summary) return Promise.reject(unknownRun(runId))
    if (summary.status === 'running' || summary.status === 'waiting') {
      return Promise.reject(
        new NodeFailure('run-not-driven', `The run ${runId} has not ended and nothing drives it. Resume it.`),
      )
    }
    return Promise.resolve(endedResult(summary, this.#options.store.loadLastEvent(runId)))
  }

  subscribe(listener: RunListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  listRuns(filter: { flow?: string; limit?: number } = {}): RunSummary[] {
    return this.#options.store.listRuns(filter)
  }

  readRun(runId: string, after = 0): { summary: RunSummary; events: RunEvent[]; flowText: string } {
    const run = this.#options.store.readRun(runId)
    if (!run) throw unknownRun(runId)
    return {
      summary: run.summary,
      events: this.#options.store.readEvents(runId, after),
      flowText: this.#options.store.readDocument(run.flowHash),
    }
  }

  readValue(hash: string): Uint8Array | undefined {
    return this.#options.store.readBytes(hash)
  }

  async close(): Promise<void> {
    for (const driver of this.#drivers.values()) driver.stop()
    this.#parts.loop.stop()
    this.#parts.progress.flush()
    this.#drivers.clear()
    await this.#options.sandbox.close()
  }

  #drive(started: Started, machine: FlowMachine, parts: RunParts, reuse?: ReuseTable): RunDriver {
    return this.#add({ machine, state: initialState(started, reuse) }, parts)
  }

  /** Reads a run back from its log, and drives it where it has not ended. What `check` throws leaves it undriven. */
  #open(runId: string, check?: (read: Refolded) => void): RunDriver {
    const events = this.#options.store.loadEvents(runId)
    const [started] = events
    if (started?.type !== 'run.started') throw unknownRun(runId)
    const read = this.#refold(events)
    check?.(read)
    const { state, machine, owed } = read
    const driver = this.#add({ machine, state }, this.#runParts(started, machine, isTrusted(events)))
    if (hasEnded(state)) return driver
    driver.resume(owed)
    return driver
  }

  #add(run: { machine: FlowMachine; state: RunDriver['state'] }, parts: RunParts): RunDriver {
    const driver = new RunDriver({ ...run, parts }, this.#parts, (ended) => this.#forget(ended))
    if (!hasEnded(run.state)) this.#drivers.set(driver.runId, driver)
    return driver
  }

  #repair(runId: string, { machine, flowText, cause, trusted = false }: Repair): void {
    const events = this.#options.store.loadEvents(runId)
    const [started] = events
    const folded = this.#refold(events)
    const next = machine ?? folded.machine
    if (started?.type !== 'run.started') return
    const parts = this.#runParts(started, next, machine ? trusted : isTrusted(events))
    const driver = new RunDriver({ ...folded, parts }, this.#parts, (ended) => this.#forget(ended))
    this.#drivers.set(runId, driver)
    const reuse = reuseTableOf(events, (hash) => this.#machines.get(hash), { dropsIntents: false })
    const flow = flowText === undefined ? undefined : this.#flowHash(flowText)
    const event = {
      type: 'run.repaired',
      machine: this.#machines.put(next),
      ...(flow !== undefined && { flow }),
      ...(cause !== undefined && { cause }),
      ...(machine && { trusted }),
    } as const
    this.#parts.loop.update(runId, { status: 'running' })
    driver.repair(event, next, reuse)
  }

  #refold(events: readonly RunEvent[], onFolded?: (state: RunState) => void): Refolded {
    const [started] = events
    const parent = started?.type === 'run.started' ? started.parent : undefined
    const forkedFrom =
      parent?.seq === undefined ? undefined : this.#forkTable(this.#options.store.loadEvents(parent.runId, parent.seq))
    return refold(events, { machineOf: (hash) => this.#machines.get(hash), forkedFrom, ...(onFolded && { onFolded }) })
  }

  #forkTable(events: readonly RunEvent[]): ReuseTable {
    return reuseTableOf(events, (hash) => this.#machines.get(hash), { dropsIntents: true })
  }

  /** What a single node reads: what came in when it last ran in the run named, and that run's outputs. */
  #given({ node, prev, runId }: NonNullable<StartRun['only']>): NonNullable<Started['given']> {
    const outputs: Record<string, Json> = {}
    if (runId === undefined) return { prev: prev ?? null, outputs }
    const events = this.#options.store.loadEvents(runId)
    for (const event of events) {
      if (event.type === 'node.finished' && !/[/[]/.test(event.node)) outputs[event.node] = event.output
    }
    let lastPrev: Json = null
    const onFolded = (state: RunState): void => {
      lastPrev = state.active.get(node)?.prev ?? lastPrev
    }
    if (prev === undefined) this.#refold(events, onFolded)
    return { prev: prev ?? lastPrev, outputs }
  }

  /** A run that is not trusted gets nothing that reaches outside, whatever its machine says. */
  #runParts(started: Started, machine: FlowMachine, trusted: boolean): RunParts {
    const { sandbox, environment, services } = this.#options
    if (!trusted) return { services: () => ({ sandbox }), env: {} }
    const env: JsonObject = {}
    for (const name of machine.meta.switchyard.env) env[name] = environment[name] ?? null
    let made: Partial<Services> | undefined
    const makeServices = (): Partial<Services> => ({
      ...services({ runId: started.runId, flowPath: started.flow, trusted }),
      sandbox,
    })
    return { services: () => (made ??= makeServices()), env }
  }

  #flowHash(text: string): string {
    const known = this.#flowHashes.get(text)
    if (known !== undefined) return known
    const hash = this.#options.store.putDocument(text)
    if (this.#flowHashes.size > 64) this.#flowHashes.clear()
    this.#flowHashes.set(text, hash)
    return hash
  }

  #stamp(runId: string, seq: number): { runId: string; seq: number; at: string } {
    return { runId, seq, at: new Date(this.#options.clock.now()).toISOString() }
  }

  #committed(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#parts.loop.isStopped)
        reject(new NodeFailure('engine-stopped', 'The engine does not drive runs any more.'))
      else this.#parts.loop.afterCommit(resolve)
    })
  }

  /** Until its end is committed, the store does not know of it. */
  #forget(driver: RunDriver): void {
    this.#parts.loop.afterCommit(() => {
      if (this.#drivers.get(driver.runId) === driver) this.#drivers.delete(driver.runId)
    })
  }

  #announce(events: readonly RunEvent[]): void {
    for (const listener of this.#listeners) {
      try {
        listener.events?.(events)
        if (listener.runChanged) this.#announceChanges(events, listener.runChanged.bind(listener))
      } catch (error) {
        // A listener's bug must not hold up the runs; it surfaces as the uncaught exception that it is.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  #announceChanges(events: readonly RunEvent[], tell: (run: RunSummary) => void): void {
    const changed = new Set(events.filter((event) => event.type.startsWith('run.')).map((event) => event.runId))
    for (const runId of changed) {
      const run = this.#options.store.readRun(runId)
      if (run) tell(run.summary)
    }
  }

  #onFatal(error: Error): void {
    for (const driver of this.#drivers.values()) driver.stop()
    this.#drivers.clear()
    this.#options.onFatal(error)
  }
}

function bodyOf({ runId: _runId, seq: _seq, at: _at, ...body }: Started): EventBody {
  return body
}

function unknownRun(runId: string): NodeFailure {
  return new NodeFailure('unknown-run', `There is no run ${runId} in this workspace.`)
}

/** The result of a run that has ended, without folding its log. */
function endedResult({ runId, status, usage, durationMs = 0 }: RunSummary, last: RunEvent | undefined): RunResult {
  const output = last?.type === 'run.finished' ? last.output : null
  return {
    runId,
    status,
    output,
    ...(last?.type === 'run.failed' && { error: last.error }),
    ...(usage && { usage }),
    durationMs,
  }
}

/** What the run was allowed when it started, or when its machine was last changed. */
function isTrusted(events: readonly RunEvent[]): boolean {
  return events.reduce(
    (trusted, event) =>
      event.type === 'run.started' || event.type === 'run.repaired' ? (event.trusted ?? trusted) : trusted,
    false,
  )
}

function lastMachine(events: readonly RunEvent[]): string {
  return events.reduce(
    (hash, event) => (event.type === 'run.started' || event.type === 'run.repaired' ? event.machine : hash),
    '',
  )
}
