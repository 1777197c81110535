import { useVirtualizer } from '@tanstack/react-virtual'
import { Ban, Braces, CircleCheck, CircleX, LoaderCircle, Variable } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { formatDuration } from '../../model/duration.ts'
import { isNodePath } from '../../model/nodePath.ts'
import { EmptyState } from '../controls/EmptyState.tsx'
import list from '../controls/list.module.css'
import { FailureBox } from '../inspector/LastRun.tsx'
import { useShownRun, useShownState } from '../runs/shownState.ts'
import { useDocuments } from '../state/documentStore.ts'
import { useRuns } from '../state/runStore.ts'
import { useSelection } from '../state/selectionStore.ts'
import { laneLabel } from './laneLabel.ts'
import styles from './OutputView.module.css'
import { ValueTree } from './ValueTree.tsx'
import { visitsOf, type VisitRecord } from './visits.ts'

/** What every visit of every node read and gave; the run's own input, output and variables on top. */
export function OutputView() {
  const path = useDocuments((state) => state.active)
  const run = useShownRun(path)
  const past = useRuns((state) => (state.past && state.past.runId === run?.runId ? state.past.seq : undefined))
  const focus = useSelection((state) => state.focusNode)
  const [chosen, setChosen] = useState<{ key: string; focus: string | undefined }>()
  const events = useDeferredValue(run?.events)
  const visits = useMemo(
    () => visitsOf(past === undefined ? (events ?? []) : (events ?? []).filter((event) => event.seq <= past)),
    [events, past],
  )
  if (!run) {
    return (
      <EmptyState icon={<Braces size={22} />} title="No values yet">
        After a run, what every node read and gave stands here. Drag a value into a setting: it becomes the expression
        that reads it.
      </EmptyState>
    )
  }
  // A choice in the list holds until another node is selected on the canvas.
  const followed = visits.findLast((visit) => visit.node === focus)
  const key = chosen && chosen.focus === focus ? chosen.key : followed ? keyOf(followed) : 'run'
  const visit = visits.find((candidate) => keyOf(candidate) === key)
  return (
    <div className={styles['view']}>
      <VisitList visits={visits} current={key} onChoose={(next) => setChosen({ key: next, focus })} />
      <div className={styles['values']}>
        {visit ? <VisitValues key={key} visit={visit} /> : <RunValues path={path} />}
      </div>
    </div>
  )
}

function keyOf(visit: VisitRecord): string {
  return `${visit.path}#${visit.visit}`
}

interface VisitListProps {
  readonly visits: readonly VisitRecord[]
  readonly current: string
  readonly onChoose: (key: string) => void
}

function VisitList({ visits, current, onChoose }: VisitListProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: visits.length + 1,
    getScrollElement: () => scroller.current,
    estimateSize: () => 28,
    overscan: 10,
    initialRect: { width: 240, height: 300 },
  })
  return (
    <div ref={scroller} className={styles['list']}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const visit = visits[item.index - 1]
          const key = visit ? keyOf(visit) : 'run'
          return (
            <div key={key} className={styles['place']} style={{ transform: `translateY(${item.start}px)` }}>
              <button
                type="button"
                className={list['row']}
                aria-current={key === current}
                title={visit?.path}
                onClick={() => onChoose(key)}
              >
                {visit ? <VisitEntry visit={visit} /> : <RunEntry />}
              </button>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function RunEntry() {
  return (
    <>
      <Variable size={14} />
      <span className={list['title']}>Run and variables</span>
    </>
  )
}

function VisitEntry({ visit }: { readonly visit: VisitRecord }) {
  const label = useDocuments((state) => laneLabel(state, visit))
  const Icon = visit.endedAt === undefined ? LoaderCircle : visit.cancelled ? Ban : visit.error ? CircleX : CircleCheck
  return (
    <>
      <span
        className={styles['state']}
        data-state={
          visit.endedAt === undefined ? 'open' : visit.cancelled ? 'cancelled' : visit.error ? 'failed' : 'done'
        }
      >
        <Icon size={14} />
      </span>
      <span className={list['main']}>
        <span className={list['title']}>
          {label}
          {visit.visit > 1 && <span className={styles['visit']}> #{visit.visit}</span>}
        </span>
      </span>
      {visit.endedAt !== undefined && (
        <span className={list['aside']}>{formatDuration(Date.parse(visit.endedAt) - Date.parse(visit.startedAt))}</span>
      )}
    </>
  )
}

function VisitValues({ visit }: { readonly visit: VisitRecord }) {
  const readable = isNodePath(visit.path)
  return (
    <>
      <Column title="Input, evaluated">
        {visit.data === undefined ? (
          <Nothing>This node has no settings.</Nothing>
        ) : (
          <ValueTree fill name="settings" value={visit.data} />
        )}
      </Column>
      <Column title="Output">
        {visit.error && <FailureBox failure={visit.error} />}
        {visit.output !== undefined && (
          <ValueTree
            fill
            name="output"
            value={visit.output}
            {...(readable ? { root: `nodes.${visit.node}.output` } : {})}
          />
        )}
        {visit.output === undefined && !visit.error && (
          <Nothing>{visit.cancelled ? 'Cancelled before it gave anything.' : 'Not finished yet.'}</Nothing>
        )}
      </Column>
    </>
  )
}

function RunValues({ path }: { readonly path: string | undefined }) {
  const input = useShownState(path, (state) => state.started?.input)
  const output = useShownState(path, (state) => state.output)
  const error = useShownState(path, (state) => state.error)
  const vars = useShownState(path, (state) => state.vars)
  return (
    <>
      <Column title="Input of the run">
        {input === undefined ? null : <ValueTree fill name="input" value={input} root="input" />}
      </Column>
      <Column title="Result">
        {error && <FailureBox failure={error} />}
        {output !== undefined && <ValueTree fill name="result" value={output} />}
        {output === undefined && !error && <Nothing>Not finished yet.</Nothing>}
      </Column>
      {Object.keys(vars).length > 0 && (
        <Column title="Variables">
          <ValueTree fill name="vars" value={{ ...vars }} root="vars" />
        </Column>
      )}
    </>
  )
}

function Column({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className={styles['column']}>
      <h3>{title}</h3>
      <div className={styles['content']}>{children}</div>
    </section>
  )
}

function Nothing({ children }: { readonly children: React.ReactNode }) {
  return <p className={styles['nothing']}>{children}</p>
}
