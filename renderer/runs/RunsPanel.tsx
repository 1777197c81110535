import { History } from 'lucide-react'
import { useState } from 'react'
import { formatDuration } from '../../model/duration.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { EmptyState } from '../controls/EmptyState.tsx'
import { formatAgo, formatExact } from '../controls/format.ts'
import { SelectInput } from '../controls/inputs.tsx'
import list from '../controls/list.module.css'
import { openFile } from '../files/documents.ts'
import { attempt } from '../shell/report.ts'
import { useDocuments } from '../state/documentStore.ts'
import { useRuns } from '../state/runStore.ts'
import { viewRun } from './pastRuns.ts'
import { RunGlyph } from './runLook.tsx'

const scopes = [
  { value: 'flow', label: 'Runs of this flow' },
  { value: 'all', label: 'Runs of all flows' },
]

/** Past and present runs; a click shows one on the canvas. */
export function RunsPanel() {
  const [scope, setScope] = useState('flow')
  const active = useDocuments((state) => state.active)
  const runs = useRuns((state) => state.list)
  const shown = active === undefined || scope === 'all' ? runs : runs.filter((run) => run.flow === active)
  return (
    <>
      <div className={list['bar']}>
        <SelectInput aria-label="Which runs" value={scope} onChange={setScope} options={scopes} />
      </div>
      {shown.length === 0 ? (
        <EmptyState icon={<History size={22} />} title="No runs yet">
          Press Run: every run is recorded here with all it read, called and returned, and can be opened again on the
          canvas.
        </EmptyState>
      ) : (
        <div className={list['list']}>
          {shown.map((run) => (
            <RunRow key={run.runId} run={run} named={scope === 'all' || active === undefined} />
          ))}
        </div>
      )}
    </>
  )
}

function RunRow({ run, named }: { readonly run: RunSummary; readonly named: boolean }) {
  const current = useRuns((state) => state.shown[run.flow] === run.runId)
  const open = async () => {
    if (await openFile(run.flow)) viewRun(run.flow, run.runId)
  }
  const failure =
    run.error === undefined
      ? undefined
      : `${run.error.node === undefined ? '' : `${run.error.node}: `}${run.error.message}`
  return (
    <button
      type="button"
      className={list['row']}
      aria-current={current}
      title={[formatExact(run.startedAt), run.runId, failure].filter(Boolean).join('\n')}
      onClick={() => attempt('open the run', open)}
    >
      <RunGlyph status={run.status} />
      <span className={list['main']}>
        <span className={list['title']}>{named ? run.name : formatAgo(run.startedAt, Date.now())}</span>
        {(named || failure !== undefined) && (
          <span className={list['sub']}>
            {[named ? formatAgo(run.startedAt, Date.now()) : undefined, failure].filter(Boolean).join(' · ')}
          </span>
        )}
      </span>
      <span className={list['aside']}>{run.durationMs === undefined ? '' : formatDuration(run.durationMs)}</span>
    </button>
  )
}
