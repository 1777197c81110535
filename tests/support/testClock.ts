import type { Clock, ClockTimer } from '../../engine/services/clock.ts'

/** A clock that stands still until it is moved; what falls due fires while it moves, in order. */
export class TestClock implements Clock {
  #now: number
  #timers: { at: number; callback: () => void }[] = []

  constructor(now = Date.parse('2026-01-01T00:00:00.000Z')) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  at(at: number, callback: () => void): ClockTimer {
    const timer = { at, callback }
    this.#timers.push(timer)
    return { cancel: () => void (this.#timers = this.#timers.filter((one) => one !== timer)) }
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = end
  }
}
