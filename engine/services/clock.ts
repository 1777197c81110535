/** Time as the engine sees it. Tests inject one they can move. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Calls back once at the absolute time `at`, at once where it has passed; survives sleeps longer than 24 days. */
  at(at: number, callback: () => void): ClockTimer
}

export interface ClockTimer {
  cancel(): void
}

/** Node's timers overflow above this and would fire at once. */
const longestTimeout = 2 ** 31 - 1

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
