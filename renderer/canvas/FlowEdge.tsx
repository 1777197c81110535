import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import clsx from 'clsx'
import { Plus } from 'lucide-react'
import { memo } from 'react'
import { useEdgeRun } from '../state/useNodeRun.ts'
import { selectionStore, useSelection } from '../state/selectionStore.ts'
import { ProblemBadge } from './CardView.tsx'
import { useCanvas } from './canvasStore.ts'
import type { WireEdge } from './canvasTypes.ts'
import styles from './FlowEdge.module.css'
import { openAddOnEdge } from './gestures/openAdd.ts'
import { useLevel } from './lod.ts'
import { useEdgeProblems, useOnProblemPath } from './problems.ts'
import { wirePath } from './wirePath.ts'

const hitWidth = 20

/** A wire: solid for the flow, dashed for supplies; in a run it tells whether the token passed. */
export const FlowEdge = memo(function FlowEdge(props: EdgeProps<WireEdge>) {
  const { id, data, selected } = props
  const level = useLevel()
  const supply = data?.supply === true
  const run = useEdgeRun(data?.edge, supply)
  const dropping = useCanvas((state) => state.dropEdge === id)
  const hovered = useSelection((state) => state.hoveredEdge === id)
  const onProblemPath = useOnProblemPath(data?.edge)
  const { path, x, y } = wirePath(props, data?.lane)
  const marked = hovered || selected === true || dropping
  return (
    <>
      {onProblemPath && <path d={path} className={styles['problemPath']} data-problem-path={id} />}
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={hitWidth}
        className={clsx(
          styles['wire'],
          supply && styles['supply'],
          run && styles[run],
          (hovered || dropping) && styles['hovered'],
          selected && styles['selected'],
        )}
        data-run={run}
      />
      {run === 'active' && level === 'full' && (
        <circle r={4} className={styles['dot']}>
          <animateMotion dur="1.2s" repeatCount="indefinite" path={path} />
        </circle>
      )}
      {marked && !supply && level === 'full' && <InsertButton id={id} x={x} y={y} dropping={dropping} />}
      {!marked && <EdgeProblems id={id} x={x} y={y} />}
    </>
  )
})

interface AtMiddle {
  readonly id: string
  readonly x: number
  readonly y: number
}

function middle({ x, y }: AtMiddle) {
  return { transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }
}

function InsertButton({ dropping, ...at }: AtMiddle & { readonly dropping: boolean }) {
  return (
    <EdgeLabelRenderer>
      <button
        type="button"
        className={clsx(styles['insert'], dropping && styles['dropping'], 'nodrag nopan')}
        style={middle(at)}
        aria-label="Insert a node here"
        title="Insert a node here"
        data-insert={at.id}
        onMouseLeave={() => {
          selectionStore.getState().hoverEdge(undefined)
        }}
        onClick={(event) => {
          openAddOnEdge(at.id, { x: event.clientX, y: event.clientY }, { x: at.x, y: at.y })
        }}
      >
        <Plus size={14} strokeWidth={2.25} aria-hidden />
      </button>
    </EdgeLabelRenderer>
  )
}

function EdgeProblems(at: AtMiddle) {
  const problems = useEdgeProblems(at.id)
  if (!problems) return null
  return (
    <EdgeLabelRenderer>
      <span className={styles['problem']} style={middle(at)}>
        <ProblemBadge problems={problems} />
      </span>
    </EdgeLabelRenderer>
  )
}
