/** Time as the engine sees it. Tests inject one they can move. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Calls back once at the absolute time `at`, at once where it has passed; however long that is, and whatever becomes of the clock. */
  at(at: number, callback: () => void): ClockTimer
}

export interface ClockTimer {
  cancel(): void
}

/**
 * A long wait is looked at this often, in milliseconds: Node's timers stand still while the machine sleeps and know
 * nothing of a clock that is set. (Above 2^31 they would also overflow and fire at once.)
 */
const longestTimeout = 30_000

export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, callback) {
    let handle: NodeJS.Timeout
    // Node's timers run on another clock: by the wall clock they may fire early, by a millisecond or a whole jump.
    const check = (): void => (Date.now() < at ? arm() : callback())
    const arm = (): void => {
      handle = setTimeout(check, Math.min(Math.max(at - Date.now(), 0), longestTimeout))
    }
    arm()
    return { cancel: () => clearTimeout(handle) }
  },
}
