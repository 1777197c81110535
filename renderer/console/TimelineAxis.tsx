import { useRef } from 'react'
import type { RunEvent } from '../../model/events.ts'
import { runStore } from '../state/runStore.ts'
import styles from './Timeline.module.css'
import { axisLabel, axisStep, lastEventBefore } from './timelineModel.ts'

/** Space for one of the axis' labels, in pixels. */
const tickWidth = 96

interface TimelineAxisProps {
  readonly runId: string
  readonly events: readonly RunEvent[]
  /** Start of the run, in milliseconds since the epoch. */
  readonly start: number
  /** Length of the axis in milliseconds, and pixels per millisecond. */
  readonly span: number
  readonly scale: number
  /** Where the track begins, and how wide it is, in pixels. */
  readonly left: number
  readonly track: number
  /** The moment shown where it is past, in milliseconds since the epoch. */
  readonly past: number | undefined
}

/** The axis of time. A click or drag on it shows the run as it was then; its end is the present. */
export function TimelineAxis({ runId, events, start, span, scale, left, track, past }: TimelineAxisProps) {
  const pressed = useRef(false)
  const step = axisStep(span, track / tickWidth)
  const ticks = Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step)
  const view = (clientX: number, element: HTMLElement) => {
    const at = start + (clientX - element.getBoundingClientRect().left - left) / scale
    const seq = lastEventBefore(events, at)
    const last = events.at(-1)?.seq
    runStore.getState().viewPast(runId, seq === last ? undefined : seq)
  }
  return (
    <div
      className={styles['axis']}
      title="Click to see the run as it was then"
      onPointerDown={(event) => {
        pressed.current = true
        event.currentTarget.setPointerCapture(event.pointerId)
        view(event.clientX, event.currentTarget)
      }}
      onPointerMove={(event) => pressed.current && view(event.clientX, event.currentTarget)}
      onPointerUp={() => {
        pressed.current = false
      }}
    >
      {ticks.map((tick) => (
        <span key={tick} className={styles['tick']} style={{ left: left + tick * scale }}>
          {axisLabel(tick, step)}
        </span>
      ))}
      {past !== undefined && <span className={styles['playhead']} style={{ left: left + (past - start) * scale }} />}
    </div>
  )
}
