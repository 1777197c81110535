import { getBezierPath, Position } from '@xyflow/react'

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
const betweenFrom = 120

/**
 * A line that leads back to the left: out of the card, round a lane, and into the other card. Where one card lies well
 * below the other the lane runs between them, else above both, where cards do not grow.
 */
function backPath({ sourceX, sourceY, targetX, targetY }: WireEndsAt): WireShape {
  const lane =
    Math.abs(targetY - sourceY) > betweenFrom ? (sourceY + targetY) / 2 : Math.min(sourceY, targetY) - laneAbove
  const right = sourceX + stub
  const left = targetX - stub
  const out = Math.sign(lane - sourceY) * radius
  const into = Math.sign(targetY - lane) * radius
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

/** The line of a wire: a smooth curve forward, a lane where it leads back. */
export function wirePath(ends: WireEndsAt): WireShape {
  const sideways = ends.sourcePosition === Position.Right && ends.targetPosition === Position.Left
  if (sideways && ends.targetX < ends.sourceX - 2 * radius) return backPath(ends)
  const [path, x, y] = getBezierPath({ ...ends, curvature })
  return { path, x, y }
}
