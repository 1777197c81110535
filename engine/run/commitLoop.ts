import type { RunEvent } from '../../model/events.ts'
import type { Journal, RunChange } from '../store/runStore.ts'
import type { FailPoint, FailPointName } from './failPoint.ts'

/** How long one turn of the event loop works before it commits and lets others in, in milliseconds. */
const defaultTurnBudgetMs = 8

/**
 * The heartbeat of all runs of a host. Whatever happens in one turn of the event loop is committed together (group
 * commit, EXECUTION.md 8.1); effects, timers and listeners wait for that commit.
 */
export class CommitLoop {
  readonly #journal: Journal
  readonly #onCommitted: (events: RunEvent[]) => void
  readonly #onFatal: (error: Error) => void
  readonly #failPoint: FailPoint | undefined
  readonly #turnBudgetMs: number
  #events: RunEvent[] = []
  #afterCommit: (() => void)[] = []
  #deferred: (() => void)[] = []
  #needsFull = false
  #isScheduled = false
  #turnStart = 0
  #isStopped = false

  constructor(parts: {
    journal: Journal
    /** Gets committed events in order. */
    onCommitted: (events: RunEvent[]) => void
    onFatal: (error: Error) => void
    failPoint?: FailPoint | undefined
    /** Milliseconds that one turn may work; {@link defaultTurnBudgetMs} where absent. */
    turnBudgetMs?: number | undefined
  }) {
    this.#journal = parts.journal
    this.#onCommitted = parts.onCommitted
    this.#onFatal = parts.onFatal
    this.#failPoint = parts.failPoint
    this.#turnBudgetMs = parts.turnBudgetMs ?? defaultTurnBudgetMs
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Collects an event. `full`: it must survive power loss before anything follows from it. */
  append(event: RunEvent, full: boolean): void {
    this.#events.push(this.#journal.append(event))
    if (full) this.#needsFull = true
    this.#schedule()
  }

  update(runId: string, change: RunChange): void {
    this.#journal.update(runId, change)
    this.#schedule()
  }

  /** Calls back once everything appended so far is committed; never where that fails. */
  afterCommit(callback: () => void): void {
    this.#afterCommit.push(callback)
    this.#schedule()
  }

  /** Whether this turn has lasted long enough. Work that is left over goes to {@link defer}. */
  isOverBudget(): boolean {
    if (this.#turnStart === 0) {
      this.#turnStart = performance.now()
      this.#schedule()
    }
    return performance.now() - this.#turnStart > this.#turnBudgetMs
  }

  /** Calls back in the next turn. */
  defer(callback: () => void): void {
    this.#deferred.push(callback)
    this.#schedule()
  }

  /** Commits what is collected and does nothing any more. */
  stop(): void {
    if (this.#isStopped) return
    this.#commit()
    this.#isStopped = true
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isStopped) return
    this.#isScheduled = true
    setImmediate(() => this.#turn())
  }

  #turn(): void {
    this.#isScheduled = false
    if (this.#isStopped || !this.#commit()) return
    this.#turnStart = 0
    const deferred = this.#deferred
    this.#deferred = []
    for (const callback of deferred) callback()
  }

  #commit(): boolean {
    this.#failPoint?.('before-commit')
    try {
      this.#journal.commit(this.#needsFull)
    } catch (error) {
      this.#isStopped = true
      this.#onFatal(error instanceof Error ? error : new Error(String(error)))
      return false
    }
    this.#needsFull = false
    const events = this.#events
    const callbacks = this.#afterCommit
    this.#events = []
    this.#afterCommit = []
    this.#passFailPoints(events)
    if (events.length > 0) this.#onCommitted(events)
    for (const callback of callbacks) callback()
    return true
  }

  #passFailPoints(events: readonly RunEvent[]): void {
    if (!this.#failPoint) return
    this.#failPoint('after-commit')
    for (const event of events) {
      const name = failPointOf[event.type]
      if (name) this.#failPoint(name)
    }
  }
}

const failPointOf: Partial<Record<RunEvent['type'], FailPointName>> = {
  'run.started': 'run-started',
  'effect.intended': 'intent-committed',
  'node.finished': 'result-committed',
  'node.failed': 'result-committed',
  'node.retrying': 'retry-scheduled',
  'timer.set': 'timer-set',
  'timer.fired': 'timer-fired',
  'run.finished': 'run-finished',
}
