import {
  Ban,
  Check,
  CircleDashed,
  CircleHelp,
  Clock,
  LoaderCircle,
  type LucideIcon,
  Minus,
  Pause,
  RotateCw,
  UserRound,
  X,
} from 'lucide-react'
import type { NodeRunView, NodeStatus } from '../state/nodeRun.ts'

/** How a state is told: a glyph and words, and a tone that is never alone. */
export interface StatusLook {
  readonly icon: LucideIcon
  readonly tone: 'run' | 'ok' | 'fail' | 'wait' | 'human' | 'skip'
  readonly words: string
  readonly spins?: boolean
}

export const statusLooks: Readonly<Record<NodeStatus, StatusLook>> = {
  idle: { icon: CircleDashed, tone: 'skip', words: 'not started' },
  running: { icon: LoaderCircle, tone: 'run', words: 'running', spins: true },
  retrying: { icon: RotateCw, tone: 'wait', words: 'retrying' },
  waiting: { icon: Clock, tone: 'wait', words: 'waiting' },
  human: { icon: UserRound, tone: 'human', words: 'waiting for you' },
  paused: { icon: Pause, tone: 'wait', words: 'paused' },
  done: { icon: Check, tone: 'ok', words: 'done' },
  failed: { icon: X, tone: 'fail', words: 'failed' },
  skipped: { icon: Minus, tone: 'skip', words: 'not taken' },
  cancelled: { icon: Ban, tone: 'skip', words: 'cancelled' },
  unknown: { icon: CircleHelp, tone: 'wait', words: 'outcome unknown' },
}

/** The words in a card's pill: the outcome of a decision, the number of a retry, else the state. */
export function pillWords(run: NodeRunView, statusLine: string | undefined): string {
  if (run.status === 'running' && statusLine !== undefined) return statusLine
  if (run.status === 'retrying' && run.attempt !== undefined) {
    return run.attempts === undefined ? `retry ${run.attempt}` : `retry ${run.attempt} of ${run.attempts}`
  }
  if (run.status === 'done' && run.port !== undefined && run.port !== 'out') return run.port
  if (run.status === 'done' && run.source !== undefined) return run.source
  return statusLooks[run.status].words
}
