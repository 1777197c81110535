import { GitBranch, History } from 'lucide-react'
import { formatExact } from '../controls/format.ts'
import { Button } from '../controls/Button.tsx'
import { keyLabel } from '../keymap/commands.ts'
import { backToLive, usePastRun } from '../runs/pastRuns.ts'
import { forkRun } from '../runs/runRepairs.ts'
import { useDocuments } from '../state/documentStore.ts'
import { useRuns } from '../state/runStore.ts'
import { attempt } from './report.ts'
import styles from './ViewingFrame.module.css'

/** The frame round the canvas while it shows something past: which run, which moment, and the way back. */
export function ViewingFrame() {
  const path = useDocuments((state) => state.active)
  const run = usePastRun(path)
  const past = useRuns((state) => (state.past && state.past.runId === run?.runId ? state.past : undefined))
  if (!run || path === undefined) return null
  const last = run.events.at(-1)?.seq ?? 0
  return (
    <div className={styles['frame']}>
      <div className={styles['label']} role="status">
        <History size={14} />
        <span>
          Viewing {past ? `event ${past.seq} of ${last}` : `the run of ${formatExact(run.summary.startedAt)}`}
        </span>
        {past && (
          <Button size="s" onClick={() => attempt('fork the run', () => forkRun(run.summary, past.seq))}>
            <GitBranch size={13} />
            Fork from here
          </Button>
        )}
        <Button size="s" onClick={() => backToLive(path)} title={keyLabel('view.backToLive')}>
          Back to live
        </Button>
      </div>
    </div>
  )
}
