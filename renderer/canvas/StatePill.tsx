import clsx from 'clsx'
import { formatDuration } from '../../model/duration.ts'
import type { NodeRunView } from '../state/nodeRun.ts'
import { Elapsed } from './Elapsed.tsx'
import styles from './StatePill.module.css'
import { pillWords, statusLooks } from './statusLook.ts'

interface StatePillProps {
  readonly run: NodeRunView
  readonly statusLine?: string | undefined
}

/** The row of a card that tells its state: glyph, words and time. */
export function StatePill({ run, statusLine }: StatePillProps) {
  const look = statusLooks[run.status]
  const words = pillWords(run, statusLine)
  const Icon = look.icon
  return (
    <div className={styles['row']}>
      <span className={clsx(styles['pill'], styles[look.tone])} title={run.error ?? words}>
        <Icon size={12} strokeWidth={2.25} className={look.spins ? styles['spins'] : undefined} aria-hidden />
        <span className={styles['words']}>{words}</span>
      </span>
      {(run.visits ?? 0) > 1 && (
        <span className={styles['visits']} title={`Visited ${run.visits} times`}>
          ×{run.visits}
        </span>
      )}
      <span className={styles['time']}>
        <PillTime run={run} />
      </span>
    </div>
  )
}

function PillTime({ run }: { readonly run: NodeRunView }) {
  if (run.dueAt !== undefined && (run.status === 'waiting' || run.status === 'retrying')) {
    return (
      <span title={new Date(run.dueAt).toLocaleString()}>
        in <Elapsed until={run.dueAt} />
      </span>
    )
  }
  if (run.durationMs !== undefined) return <>{formatDuration(run.durationMs)}</>
  if (run.startedAt !== undefined && run.status !== 'idle') return <Elapsed since={run.startedAt} />
  return null
}
