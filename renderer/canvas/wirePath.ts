import { getBezierPath, Position } from '@xyflow/react'
import { backFrom } from './backLanes.ts'

export interface WireShape {
  readonly path: string
  /** Middle of the line, where its button lies. */
  readonly x: number
  readonly y: number
}

export interface WireEndsAt {
  readonly sourceX: number
  readonly sourceY: number
  readonly targetX: number
  readonly targetY: number
  readonly sourcePosition: Position
  readonly targetPosition: Position
}

const curvature = 0.3
const stub = 28
const radius = 14
const laneAbove = 56
/** An edge longer than this runs level and bends at its end, since that is where the layout leaves it a lane. */
const longFrom = 420
const bend = 150

/** A line that leads back to the left: out of the card, round a lane, and into the other card. */
function backPath({ sourceX, sourceY, targetX, targetY }: WireEndsAt, lane: number): WireShape {
  const right = sourceX + stub
  const left = targetX - stub
  const out = Math.sign(lane - sourceY) * Math.min(radius, Math.abs(lane - sourceY) / 2)
  const into = Math.sign(targetY - lane) * Math.min(radius, Math.abs(targetY - lane) / 2)
  const path = [
    `M${sourceX},${sourceY}`,
    `H${right - radius}`,
    `Q${right},${sourceY} ${right},${sourceY + out}`,
    `V${lane - out}`,
    `Q${right},${lane} ${right - radius},${lane}`,
    `H${left + radius}`,
    `Q${left},${lane} ${left},${lane + into}`,
    `V${targetY - into}`,
    `Q${left},${targetY} ${left + radius},${targetY}`,
    `H${targetX}`,
  ].join(' ')
  return { path, x: (left + right) / 2, y: lane }
}

function longPath({ sourceX, sourceY, targetX, targetY }: WireEndsAt): WireShape {
  const start = targetX - bend
  const control = targetX - bend / 2
  const path = `M${sourceX},${sourceY} H${start} C${control},${sourceY} ${control},${targetY} ${targetX},${targetY}`
  return { path, x: (sourceX + start) / 2, y: sourceY }
}

/** The line of a wire: a smooth curve forward, a lane (of this height, or above both ends) where it leads back. */
export function wirePath(ends: WireEndsAt, lane?: number): WireShape {
  const { sourceX, sourceY, targetX, targetY } = ends
  const sideways = ends.sourcePosition === Position.Right && ends.targetPosition === Position.Left
  if (sideways && targetX < sourceX - backFrom) return backPath(ends, lane ?? Math.min(sourceY, targetY) - laneAbove)
  if (sideways && targetX - sourceX > longFrom) return longPath(ends)
  const [path, x, y] = getBezierPath({ ...ends, curvature })
  return { path, x, y }
}
