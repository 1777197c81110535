import { Ban, Check, Clock, LoaderCircle, X, type LucideIcon } from 'lucide-react'
import type { RunStatus } from '../../model/protocol.ts'
import styles from './runLook.module.css'

interface RunLook {
  readonly icon: LucideIcon
  readonly tone: string
  readonly words: string
}

const looks: Readonly<Record<RunStatus, RunLook>> = {
  running: { icon: LoaderCircle, tone: 'run', words: 'running' },
  waiting: { icon: Clock, tone: 'wait', words: 'waiting' },
  completed: { icon: Check, tone: 'ok', words: 'completed' },
  failed: { icon: X, tone: 'fail', words: 'failed' },
  cancelled: { icon: Ban, tone: 'skip', words: 'stopped' },
}

/** How a run stands, in a word. */
export function runWords(status: RunStatus): string {
  return looks[status].words
}

/** How a run stands, as a glyph; its word is read to those who do not see it. */
export function RunGlyph({ status, size = 15 }: { readonly status: RunStatus; readonly size?: number }) {
  const { icon: Icon, tone, words } = looks[status]
  return (
    <span className={styles['glyph']} data-tone={tone} data-spin={status === 'running'}>
      <Icon size={size} aria-hidden />
      <span className="visually-hidden">{words}</span>
    </span>
  )
}
