/**
 * A named moment of the scheduler at which a fault test may kill the process. Production passes none; the scheduler
 * never reads the environment itself.
 */
export type FailPoint = (name: FailPointName) => void

/** Every moment at which a crash must do no harm, in the order in which one effect passes them. */
export const failPointNames = [
  'run-started',
  'before-commit',
  'after-commit',
  'intent-committed',
  'effect-started',
  'effect-done',
  'result-committed',
  'retry-scheduled',
  'timer-set',
  'timer-fired',
  'run-finished',
] as const
export type FailPointName = (typeof failPointNames)[number]

export const noFailPoint: FailPoint = () => undefined
