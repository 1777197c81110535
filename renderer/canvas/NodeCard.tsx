import type { NodeProps } from '@xyflow/react'
import { memo, type ReactNode } from 'react'
import { cardBodies } from '../kinds.ts'
import type { NodeRunView } from '../state/nodeRun.ts'
import { useChangedSinceRun } from '../state/changedSinceRun.ts'
import { useNodeRun, useNodeStream } from '../state/useNodeRun.ts'
import { selectionStore, useSelection } from '../state/selectionStore.ts'
import type { NodeStream } from '../state/runStore.ts'
import { useDocuments, activeDocument } from '../state/documentStore.ts'
import { CardHandles, FarHandles } from './CardHandles.tsx'
import type { CardHandle } from './cardGeometry.ts'
import { CardView } from './CardView.tsx'
import type { CardNode } from './canvasTypes.ts'
import { toggleUnfolded, useCanvas } from './canvasStore.ts'
import { pickHandle } from './gestures/pickHandle.ts'
import { LodCard } from './LodCard.tsx'
import { useLevel } from './lod.ts'
import { NodeToolbar } from './NodeToolbar.tsx'
import { useNodeProblems } from './problems.ts'
import { RenameField } from './RenameField.tsx'
import { StreamBox } from './StreamBox.tsx'

const none: ReadonlySet<string> = new Set()

function cardBody(node: CardNode['data'], stream: NodeStream | undefined): ReactNode {
  const Body = cardBodies.get(node.node.kind)
  if (!Body) return stream && <StreamBox text={stream.text} />
  return (
    <Body
      data={node.face.data}
      {...(stream ? { streamedText: stream.text } : {})}
      {...(stream?.status === undefined ? {} : { statusLine: stream.status })}
    />
  )
}

/** How often a node may be tried stands in the flow, not in the run. */
function withAttempts(run: NodeRunView, attempts: number | undefined): NodeRunView {
  return run.status === 'retrying' && attempts !== undefined ? { ...run, attempts } : run
}

/** A node on the canvas: picks what concerns this node from the stores, so that nothing else draws it again. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<CardNode>) {
  const level = useLevel()
  const run = useNodeRun(id)
  const stream = useNodeStream(id)
  const problems = useNodeProblems(id)
  const pinned = useDocuments((state) => activeDocument(state)?.flow.pins?.[id] !== undefined)
  const edited = useChangedSinceRun(id, data.node)
  const breakpoint = useCanvas((state) => state.breakpoints.has(id))
  const targets = useCanvas((state) => state.connecting && (state.connecting.targets.get(id) ?? none))
  const from = useCanvas((state) => state.connecting?.from.node === id)
  const renaming = useSelection((state) => state.renaming === id)
  const view = {
    face: data.face,
    geometry: data.geometry,
    run: run && withAttempts(run, data.node.policy?.retry?.max),
    statusLine: stream?.status,
    selected,
    disabled: data.node.disabled !== undefined && data.node.disabled !== false,
    pinned,
    edited,
    breakpoint,
    dimmed: targets?.size === 0 && !from,
    problems,
  }
  const onPick = (handle: CardHandle) => {
    pickHandle(id, handle)
  }
  return (
    <div
      className="card-root"
      onMouseEnter={() => {
        selectionStore.getState().hoverNode(id)
      }}
      onMouseLeave={() => {
        selectionStore.getState().hoverNode(undefined)
      }}
    >
      {level === 'full' ? (
        <CardView
          {...view}
          rename={
            renaming ? (
              <RenameField node={id} label={data.node.label ?? ''} placeholder={data.face.kindLabel} />
            ) : undefined
          }
          body={cardBody(data, stream)}
          onUnfold={() => {
            toggleUnfolded(id)
          }}
          onProblem={() => {
            selectionStore.getState().reveal(id)
          }}
        />
      ) : (
        <LodCard {...view} block={level === 'block'} />
      )}
      {level === 'full' ? (
        <>
          <CardHandles handles={data.geometry.handles} targets={targets} onPick={onPick} />
          {stream && stream.text !== '' && run?.status === 'running' && data.geometry.bodyHeight === 0 && (
            <StreamBox text={stream.text} floating />
          )}
          <NodeToolbar node={id} disabled={view.disabled} pinned={pinned} />
        </>
      ) : (
        <FarHandles handles={data.geometry.handles} />
      )}
    </div>
  )
})
