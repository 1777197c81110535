import { NodeFailure } from '../../model/failure.ts'
import type { ExecutorResult } from '../sdk/executor.ts'
import type { Clock, ClockTimer } from '../services/clock.ts'

/** How long an executor may take to obey its abort signal, in milliseconds. EXECUTION.md 7.3. */
const graceMs = 1000

/** One attempt under way: what can be aborted, and how it ends exactly once. */
export class Attempt {
  readonly controller = new AbortController()
  readonly #clock: Clock
  #timers: ClockTimer[] = []
  #isOver = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Fails the attempt as `timeout` if it lasts longer than this, counted from `since`; at once where that has passed. */
  limit(timeoutMs: number, since: number): void {
    const failure = new NodeFailure('timeout', `The attempt took longer than its timeout of ${String(timeoutMs)} ms.`, {
      retryable: true,
    })
    const at = since + timeoutMs
    if (at <= this.#clock.now()) this.controller.abort(failure)
    else this.#timers.push(this.#clock.at(at, () => this.controller.abort(failure)))
  }

  /** Gives it up: what runs is aborted, and nothing is reported any more. */
  drop(reason: string): void {
    this.#close()
    this.controller.abort(new NodeFailure('cancelled', reason))
  }

  /** Runs the work and reports its end once; an executor that ignores its abort is left behind after a second. */
  run(work: () => Promise<ExecutorResult>, onEnd: (end: AttemptEnd) => void): void {
    const end = (result: AttemptEnd): void => {
      if (this.#isOver) return
      this.#close()
      onEnd(result)
    }
    const failed = (error: unknown): void => end({ error: this.#reasonOf(error) })
    if (this.controller.signal.aborted) return failed(this.controller.signal.reason)
    this.controller.signal.addEventListener('abort', () => this.#giveUpSoon(failed), { once: true })
    callNow(work).then((result) => end({ result }), failed)
  }

  /** A failure that follows from the abort is the abort's own. */
  #reasonOf(error: unknown): unknown {
    const reason: unknown = this.controller.signal.reason
    return this.controller.signal.aborted && reason instanceof NodeFailure ? reason : error
  }

  #giveUpSoon(failed: (error: unknown) => void): void {
    if (this.#isOver) return
    const giveUp = (): void => failed(this.controller.signal.reason)
    this.#timers.push(this.#clock.at(this.#clock.now() + graceMs, giveUp))
  }

  #close(): void {
    this.#isOver = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers = []
  }
}

export type AttemptEnd = { readonly result: ExecutorResult } | { readonly error: unknown }

/** Calls at once; what is thrown before the first wait becomes a rejection. */
export async function callNow<T>(work: () => Promise<T>): Promise<T> {
  return work()
}
