import type { EventBody, RunEvent } from '../../model/events.ts'
import { NodeFailure, type Failure } from '../../model/failure.ts'
import type { FlowMachine } from '../compile/machine.ts'
import type { ClockTimer } from '../services/clock.ts'
import type { RunChange } from '../store/runStore.ts'
import { advance } from './advance.ts'
import { JournaledSteps } from './agentSteps.ts'
import { isoTime } from './isoTime.ts'
import type { Command } from './commands.ts'
import { NodeRunner } from './nodeRunner.ts'
import { outstanding, stuckOn } from './outstanding.ts'
import { repairedState } from './initialState.ts'
import { goOnSignal, pausedNodes } from './pause.ts'
import type { ReuseTable } from './reuse.ts'
import type { Decision, RunResult } from './runHost.ts'
import { hasEnded, resultOf } from './runResult.ts'
import type { HostParts, RunParts } from './runParts.ts'
import { findUnknown } from './unknownNodes.ts'
import { nodeId, type ActiveNode, type RunState } from './state.ts'

/** Commands that are done in their turn. */
type Task = Exclude<Command, { type: 'record' | 'abort' }>

/** What a run is driven with. */
export interface DrivenRun {
  readonly machine: FlowMachine
  readonly state: RunState
  readonly parts: RunParts
}

/**
 * Drives one run: folds its events, does what follows, logs what comes of it. Pure work runs ahead in memory; effects,
 * timers and answers wait for the commit of what caused them.
 */
export class RunDriver {
  readonly runId: string
  readonly #host: HostParts
  readonly #runner: NodeRunner
  readonly #timers = new Map<string, ClockTimer>()
  readonly #callEnds = new Map<string, () => void>()
  readonly #onEnded: (driver: RunDriver) => void
  #machine: FlowMachine
  #state: RunState
  /** Events that follow from folded ones and are not logged yet. */
  #records: EventBody[] = []
  #work: Task[] = []
  #isWorking = false
  #mayBeStuck = false
  #settlers: ((result: RunResult) => void)[] = []
  #endedAt: string | undefined

  constructor(run: DrivenRun, host: HostParts, onEnded: (driver: RunDriver) => void) {
    this.#machine = run.machine
    this.#state = run.state
    this.runId = run.state.runId
    this.#host = host
    this.#onEnded = onEnded
    if (hasEnded(run.state)) this.#endedAt = run.state.startedAt
    this.#mayBeStuck = run.state.pauseAt !== undefined
    this.#runner = new NodeRunner(host, run.parts, {
      current: () => this.#state,
      record: (body) => this.record(body),
      agentSteps: (node, signal) => this.#agentSteps(node, signal),
    })
  }

  get state(): RunState {
    return this.#state
  }

  get machine(): FlowMachine {
    return this.#machine
  }

  get hasEnded(): boolean {
    return this.#endedAt !== undefined
  }

  /** Logs an event and does what follows from it. */
  record(body: EventBody): void {
    if (this.hasEnded || this.#host.loop.isStopped) return
    this.#records.push(body)
    this.#goOn()
  }

  /** Goes on with a run that was read back from its log; `owed`: consequences the log lacks. */
  resume(owed: readonly EventBody[]): void {
    this.#records.push(...owed)
    this.#appendRecords()
    for (const command of outstanding(this.#state)) this.#accept(command)
    this.#mayBeStuck = true
    this.#goOn()
  }

  /** Starts the run over with what it has recorded, under the same machine or another one. EXECUTION.md 5.3. */
  repair(event: Extract<EventBody, { type: 'run.repaired' }>, machine: FlowMachine, reuse: ReuseTable): void {
    this.#machine = machine
    this.#state = repairedState(this.#state, reuse)
    this.#endedAt = undefined
    this.record(event)
  }

  /** Lets a run that was told to stop before a node go on; does nothing to others. */
  goOnFromPause(): void {
    if (pausedNodes(this.#state).length > 0) this.record({ type: 'signal.received', name: goOnSignal, payload: null })
  }

  /** Aborts what runs and ends the run as cancelled. */
  cancel(reason: string | undefined): void {
    for (const node of [...this.#state.active.values()]) {
      this.#records.push({
        type: 'node.cancelled',
        node: node.path,
        visit: node.visit,
        reason: 'the run was cancelled',
      })
    }
    this.record({ type: 'run.cancelled', ...(reason !== undefined && { reason }) })
  }

  /** Answers an unknown node. Fails as `not-unknown`. */
  resolve(name: string, decision: Decision): void {
    const node = this.#unknownNode(name)
    const place = { node: node.path, visit: node.visit }
    switch (decision.type) {
      case 'retry':
        return this.record({
          type: 'effect.intended',
          ...place,
          key: node.intent?.key ?? '',
          attempt: node.attempt,
          idempotent: false,
        })
      case 'value':
        return this.record({
          ...{ type: 'node.finished', ...place, port: decision.port ?? node.planned.ports[0] ?? 'out' },
          ...{ output: decision.output, source: 'resolved' },
        })
      case 'fail':
        return this.#failUnknown(node)
    }
  }

  /** Stops without ending the run: nothing of it is logged any more. */
  stop(): void {
    this.#endedAt ??= isoTime(this.#host.clock.now())
    this.#runner.abortAll('the engine is closing')
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  /** Calls back, after the commit, once the run has ended or only people and signals can move it on. */
  whenSettled(callback: (result: RunResult) => void): void {
    if (this.hasEnded || this.#state.status === 'waiting') this.#host.loop.afterCommit(() => callback(this.result()))
    else this.#settlers.push(callback)
  }

  result(): RunResult {
    return resultOf(this.#state, this.#endedAt ?? new Date(this.#host.clock.now()).toISOString())
  }

  #failUnknown(node: ActiveNode): void {
    const port = node.item || node.call || node.undoes ? undefined : node.planned.failurePort
    const message = `Nobody knows whether ${nodeId(node.path)} had its effect; it was given up.`
    const error = {
      code: 'effect-unknown',
      message,
      node: node.path,
      visit: node.visit,
      attempt: node.attempt,
      retryable: false,
    }
    this.record({ type: 'node.failed', node: node.path, visit: node.visit, error, ...(port !== undefined && { port }) })
  }

  #unknownNode(name: string): ActiveNode {
    if (this.hasEnded) return findUnknown([], name)
    return findUnknown(
      [...this.#state.active.values()].filter((node) => node.phase === 'unknown'),
      name,
    )
  }

  #goOn(): void {
    if (this.#isWorking) return
    this.#isWorking = true
    try {
      this.#appendRecords()
      this.#doWork()
    } catch (error) {
      this.#endAsBug(error)
    } finally {
      this.#isWorking = false
    }
  }

  /** Ends the run without folding any more: its state may be half changed. One that has not begun never was. */
  #endAsBug(thrown: unknown): void {
    if (this.#state.seq === 0) throw thrown
    const error = endingFailure(thrown)
    this.#records.length = 0
    this.#work.length = 0
    const { state } = this
    state.seq += 1
    state.status = 'failed'
    state.error = error
    const event = {
      runId: this.runId,
      seq: state.seq,
      at: isoTime(this.#host.clock.now()),
      type: 'run.failed',
      error,
    } as const
    this.#host.loop.append(event, false)
    this.#end(event)
  }

  #doWork(): void {
    for (let i = 0; i < this.#work.length; i++) {
      if (this.#host.loop.isOverBudget()) {
        this.#work.splice(0, i)
        this.#host.loop.defer(() => this.#goOn())
        return
      }
      const command = this.#work[i]
      if (command) this.#perform(command)
      this.#appendRecords()
    }
    this.#work.length = 0
    this.#noticeStuck()
  }

  #appendRecords(): void {
    // Appending adds to the list; the loop sees that.
    for (const body of this.#records) {
      if (!this.hasEnded) this.#append(body)
    }
    this.#records.length = 0
  }

  #append(body: EventBody): void {
    const now = this.#host.clock.now()
    const event: RunEvent = { runId: this.runId, seq: this.#state.seq + 1, at: isoTime(now), ...body }
    this.#host.loop.append(event, this.#needsFull(event))
    const wasWaiting = this.#state.status === 'waiting'
    const { state, commands } = advance(this.#machine, this.#state, event)
    this.#state = state
    for (const command of commands) this.#accept(command)
    this.#afterFold(event, wasWaiting)
  }

  /** The intent and the result of an effect that must not be repeated survive power loss. EXECUTION.md 8.1. */
  #needsFull(event: RunEvent): boolean {
    if (event.type === 'effect.intended') return !event.idempotent
    if (event.type !== 'node.finished' && event.type !== 'node.failed' && event.type !== 'node.retrying') return false
    return this.#state.active.get(event.node)?.intent?.idempotent === false
  }

  #afterFold(event: RunEvent, wasWaiting: boolean): void {
    switch (event.type) {
      case 'run.finished':
      case 'run.failed':
      case 'run.cancelled':
        return this.#end(event)
      case 'run.waiting':
        this.#update({ status: 'waiting' })
        return this.#tellSettlers()
      case 'node.unknown':
      case 'node.waiting':
        this.#mayBeStuck = true
        break
      case 'node.finished':
      case 'node.failed':
      case 'node.cancelled':
        this.#tellCallEnd(event.node)
        break
      default:
    }
    if (wasWaiting) this.#update({ status: 'running' })
  }

  #end(event: Extract<RunEvent, { type: 'run.finished' | 'run.failed' | 'run.cancelled' }>): void {
    this.#endedAt = event.at
    this.#runner.abortAll('the run has ended')
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
    const { status, error } = this.result()
    this.#update({ status, endedAt: event.at, ...(error && { error }) })
    this.#tellSettlers()
    this.#onEnded(this)
  }

  #update(change: RunChange): void {
    const { usage } = this.#state
    const hasUsage = usage.inputTokens + usage.outputTokens > 0
    this.#host.loop.update(this.runId, { ...change, ...(hasUsage && { usage }) })
  }

  #tellSettlers(): void {
    const settlers = this.#settlers
    this.#settlers = []
    const result = this.result()
    if (settlers.length > 0) this.#host.loop.afterCommit(() => settlers.forEach((settle) => settle(result)))
  }

  #accept(command: Command): void {
    if (command.type === 'record') this.#records.push(command.body)
    else if (command.type === 'abort') this.#abort(command.node)
    else this.#work.push(command)
  }

  #abort(path: string): void {
    this.#runner.abort(path, 'The node was cancelled.')
    this.#timers.get(path)?.cancel()
    this.#timers.delete(path)
  }

  #perform(command: Task): void {
    const node = this.#state.active.get(command.node)
    if (node?.visit !== command.visit) return
    switch (command.type) {
      case 'evaluate':
        return this.#runner.evaluate(node)
      case 'attempt':
        return this.#runner.startAttempt(node)
      case 'decide':
        return this.#runner.decide(node)
      case 'wait':
        return this.#runner.startWait(node)
      case 'effect':
        return this.#whenCommitted(node, () => this.#runner.runExecutor(node))
      case 'timer':
        return this.#whenCommitted(node, () => this.#setTimer(node, command.timer, command.fireAt))
    }
  }

  /** A driver that was stopped meanwhile begins nothing: closing commits what is collected, intents among it. */
  #whenCommitted(node: ActiveNode, work: () => void): void {
    this.#host.loop.afterCommit(() => {
      if (this.#state.active.get(node.path) === node && !this.hasEnded && !this.#host.loop.isStopped) work()
    })
  }

  #setTimer(node: ActiveNode, timer: string, fireAt: string): void {
    const fire = (): void => {
      this.#timers.delete(node.path)
      this.record({ type: 'timer.fired', node: node.path, visit: node.visit, timer })
    }
    const at = Date.parse(fireAt)
    if (at <= this.#host.clock.now()) return fire()
    this.#timers.set(node.path, this.#host.clock.at(at, fire))
  }

  #noticeStuck(): void {
    if (!this.#mayBeStuck || this.#records.length > 0) return
    const on = stuckOn(this.#state)
    if (!on) return
    this.#records.push({ type: 'run.waiting', on })
    this.#appendRecords()
  }

  #agentSteps(node: ActiveNode, signal: AbortSignal): JournaledSteps {
    const runAgain = (step: ActiveNode): void => this.#runAgain(step)
    const record = (body: EventBody): void => this.record(body)
    const onCallEnded = (path: string, callback: () => void): void => void this.#callEnds.set(path, callback)
    const owner = { current: () => this.#state, machine: this.#machine, record, runAgain, onCallEnded }
    return new JournaledSteps(node, owner, this.#runner, this.#host.kinds, signal)
  }

  /** A step whose agent asks for it again: what is under way or parked goes on by itself. */
  #runAgain(step: ActiveNode): void {
    if (this.#runner.isRunning(step.path)) return
    const target = { node: step.path, visit: step.visit }
    if (step.phase === 'due') this.#work.push({ type: 'attempt', ...target })
    else if (step.phase === 'running') this.#work.push({ type: 'effect', ...target })
    this.#goOn()
  }

  #tellCallEnd(path: string): void {
    const callback = this.#callEnds.get(path)
    if (!callback) return
    this.#callEnds.delete(path)
    callback()
  }
}

/** What ends a run from inside the driver: an event that cannot be stored, else a bug. */
function endingFailure(thrown: unknown): Failure {
  const { message, stack = message } = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (thrown instanceof NodeFailure) return { code: thrown.code, message, retryable: false }
  return {
    code: 'internal-error',
    message: `A bug in Switchyard ended this run: ${message}`,
    retryable: false,
    details: { stack },
  }
}
