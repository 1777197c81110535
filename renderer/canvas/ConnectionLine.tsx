import { type ConnectionLineComponentProps, getBezierPath } from '@xyflow/react'
import clsx from 'clsx'
import { useCanvas } from './canvasStore.ts'
import styles from './ConnectionLine.module.css'

/** The wire under the hand while it is being drawn, and why it cannot end where it is held. */
export function ConnectionLine({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  toPosition,
  connectionStatus,
  toHandle,
}: ConnectionLineComponentProps) {
  const refusal = useCanvas((state) => state.refusal)
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
    curvature: 0.3,
  })
  const refused = connectionStatus === 'invalid' && toHandle !== null && refusal !== undefined
  return (
    <g>
      <path d={path} className={clsx(styles['wire'], refused && styles['refused'])} />
      <circle cx={toX} cy={toY} r={4} className={clsx(styles['end'], refused && styles['refusedEnd'])} />
      {refused && (
        <foreignObject x={toX + 12} y={toY - 16} width={260} height={60} className={styles['message']}>
          <div>{refusal}</div>
        </foreignObject>
      )}
    </g>
  )
}
