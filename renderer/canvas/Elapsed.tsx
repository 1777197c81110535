import { useEffect, useState } from 'react'
import { formatDuration } from '../../model/duration.ts'

const tickMs = 100
const slowTickMs = 1000
const minuteMs = 60_000

interface ElapsedProps {
  /** Milliseconds since the epoch: past for a time that runs, future for one that runs out. */
  readonly since?: number
  readonly until?: number
}

/** A time that runs: since something began, or until it is due. */
export function Elapsed({ since, until }: ElapsedProps) {
  const [now, setNow] = useState(() => Date.now())
  const ms = until === undefined ? now - (since ?? now) : until - now
  const slow = ms > minuteMs
  useEffect(() => {
    const timer = setInterval(
      () => {
        setNow(Date.now())
      },
      slow ? slowTickMs : tickMs,
    )
    return () => {
      clearInterval(timer)
    }
  }, [slow])
  return <>{formatDuration(Math.max(0, ms))}</>
}
