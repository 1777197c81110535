/** What a card says about its node in the run that is shown. */
export type NodeStatus =
  | 'idle'
  | 'running'
  | 'retrying'
  | 'waiting'
  | 'human'
  | 'paused'
  | 'done'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'unknown'

export const nodeStatuses: readonly NodeStatus[] = [
  'idle',
  'running',
  'retrying',
  'waiting',
  'human',
  'paused',
  'done',
  'failed',
  'skipped',
  'cancelled',
  'unknown',
]

export interface NodeRunView {
  readonly status: NodeStatus
  /** Milliseconds since the epoch. */
  readonly startedAt?: number
  readonly durationMs?: number
  /** Number of the attempt under way or about to start, and how many there may be. */
  readonly attempt?: number
  readonly attempts?: number
  /** When a wait or the next attempt is due, in milliseconds since the epoch. */
  readonly dueAt?: number
  /** Visits so far. */
  readonly visits?: number
  /** The outcome chosen. */
  readonly port?: string
  readonly error?: string
  /** The output was not produced in this run but taken from a pin, a cache or a pass-through. */
  readonly source?: string
}
