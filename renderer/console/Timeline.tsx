import { useVirtualizer } from '@tanstack/react-virtual'
import { RotateCw, Timer } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { formatDuration } from '../../model/duration.ts'
import { EmptyState } from '../controls/EmptyState.tsx'
import { formatExact } from '../controls/format.ts'
import { useShownRun } from '../runs/shownState.ts'
import { useDocuments } from '../state/documentStore.ts'
import { isLive, useRuns, type OpenRun } from '../state/runStore.ts'
import { selectionStore, useSelection } from '../state/selectionStore.ts'
import { laneLabel } from './laneLabel.ts'
import styles from './Timeline.module.css'
import { TimelineAxis } from './TimelineAxis.tsx'
import { timelineOf, type Timeline as Model, type TimelineBar, type TimelineLane } from './timelineModel.ts'
import { useWidth } from './useWidth.ts'

const laneHeight = 24
const labelWidth = 176
const durationWidth = 76

/** The run in time: a lane per node, a bar per visit, marks for retries and waits. */
export function Timeline() {
  const path = useDocuments((state) => state.active)
  const run = useShownRun(path)
  const past = useRuns((state) => (state.past && state.past.runId === run?.runId ? state.past.seq : undefined))
  const events = useDeferredValue(run?.events)
  const model = useMemo(() => events && timelineOf(events), [events])
  const moment = past === undefined ? undefined : events?.[past - 1]?.at
  if (!model || !run) {
    return (
      <EmptyState icon={<Timer size={22} />} title="No run to show">
        Press Run. Every node gets a lane here, with its retries and waits, while it happens.
      </EmptyState>
    )
  }
  return (
    <TimelineView
      run={run}
      model={model}
      live={isLive(run.summary) && !run.lost}
      past={moment === undefined ? undefined : Date.parse(moment)}
    />
  )
}

interface TimelineViewProps {
  readonly run: OpenRun
  readonly model: Model
  readonly live: boolean
  /** The moment shown where it is past, in milliseconds since the epoch. */
  readonly past: number | undefined
}

function TimelineView({ run, model, live, past }: TimelineViewProps) {
  const now = useNow(live && model.end === undefined)
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const width = useWidth(scroller)
  const end = Math.max(model.end ?? (live ? now : lastMoment(model)), model.start + 1)
  const track = Math.max(120, width - labelWidth - durationWidth)
  const span = (end - model.start) * 1.02
  const scale = track / span
  const virtual = useVirtualizer({
    count: model.lanes.length,
    getScrollElement: () => scroller,
    estimateSize: () => laneHeight,
    overscan: 8,
    initialRect: { width: 800, height: 300 },
  })
  return (
    <div ref={setScroller} className={styles['timeline']}>
      <TimelineAxis
        runId={run.runId}
        events={run.events}
        start={model.start}
        span={span}
        scale={scale}
        left={labelWidth}
        track={track}
        past={past}
      />
      <div className={styles['lanes']} style={{ height: virtual.getTotalSize() }}>
        {past !== undefined && (
          <div className={styles['pastLine']} style={{ left: labelWidth + (past - model.start) * scale }} />
        )}
        {virtual.getVirtualItems().map((item) => {
          const lane = model.lanes[item.index]
          return lane && <Lane key={lane.path} lane={lane} top={item.start} model={model} end={end} scale={scale} />
        })}
      </div>
    </div>
  )
}

function lastMoment(model: Model): number {
  return Math.max(model.start, ...model.lanes.flatMap((lane) => lane.bars.map((bar) => bar.end ?? bar.start)))
}

interface LaneProps {
  readonly lane: TimelineLane
  readonly top: number
  readonly model: Model
  readonly end: number
  readonly scale: number
}

function Lane({ lane, top, model, end, scale }: LaneProps) {
  const label = useDocuments((state) => laneLabel(state, lane))
  const selected = useSelection((state) => state.nodes.has(lane.node))
  const total = lane.bars.reduce((sum, bar) => sum + ((bar.end ?? end) - bar.start), 0)
  return (
    <button
      type="button"
      className={styles['lane']}
      style={{ transform: `translateY(${top}px)` }}
      aria-current={selected}
      onClick={() => selectionStore.getState().reveal(lane.node)}
      title={lane.path}
    >
      <span
        className={styles['label']}
        data-depth={Math.min(lane.depth, 4)}
        style={{ paddingLeft: 12 + lane.depth * 14, width: labelWidth }}
      >
        {label}
      </span>
      <span className={styles['track']}>
        {lane.bars.map((bar, index) => (
          <Bar key={index} bar={bar} start={model.start} end={end} scale={scale} />
        ))}
      </span>
      <span className={styles['duration']}>{formatDuration(total)}</span>
    </button>
  )
}

function Bar({
  bar,
  start,
  end,
  scale,
}: {
  readonly bar: TimelineBar
  readonly start: number
  readonly end: number
  readonly scale: number
}) {
  const barEnd = bar.end ?? end
  const left = (bar.start - start) * scale
  const width = Math.max(3, (barEnd - bar.start) * scale)
  const title = `${bar.status}, ${formatDuration(barEnd - bar.start)}\nfrom ${formatExact(new Date(bar.start).toISOString())}${bar.visit > 1 ? `\nvisit ${bar.visit}` : ''}`
  return (
    <span className={styles['bar']} data-status={bar.status} style={{ left, width }} title={title}>
      {bar.waits.map((wait, index) => (
        <span
          key={index}
          className={styles['wait']}
          style={{
            left: (wait.from - bar.start) * scale,
            width: Math.max(2, (Math.min(wait.to ?? barEnd, barEnd) - wait.from) * scale),
          }}
        />
      ))}
      {bar.retries.map((at) => (
        <RotateCw
          key={at}
          size={11}
          className={styles['retry']}
          style={{ left: (at - bar.start) * scale - 5 }}
          aria-label="retried"
        />
      ))}
    </span>
  )
}

/** The present moment, ten times a second while it is wanted. */
function useNow(wanted: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!wanted) return undefined
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [wanted])
  return now
}
