import {
  Background,
  BackgroundVariant,
  MiniMap,
  type NodeTypes,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useStore,
  useStoreApi,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useEffect } from 'react'
import { canvasAttribute } from '../keymap/dispatcher.ts'
import { AddNodeMenu } from '../palette/AddNodeMenu.tsx'
import { ConnectMenu } from '../palette/ConnectMenu.tsx'
import { FindNodes } from '../palette/FindNodes.tsx'
import { type OpenDocument, useActiveDocument } from '../state/documentStore.ts'
import { CanvasControls } from './CanvasControls.tsx'
import { CanvasMenu } from './CanvasMenu.tsx'
import type { CanvasNode, WireEdge } from './canvasTypes.ts'
import { ConnectionLine } from './ConnectionLine.tsx'
import { EmptyCanvas, FirstStep } from './EmptyCanvas.tsx'
import styles from './FlowCanvas.module.css'
import { FlowEdge } from './FlowEdge.tsx'
import { useCanvasCommands } from './gestures/useCanvasCommands.ts'
import { useConnecting } from './gestures/useConnecting.ts'
import { useDragging } from './gestures/useDragging.ts'
import { useDropping } from './gestures/useDropping.ts'
import { useMenus } from './gestures/useMenus.ts'
import { useReveal } from './gestures/useReveal.ts'
import { LevelContext, levelAt } from './lod.ts'
import { NodeCard } from './NodeCard.tsx'
import { leaveView, leftView, openingView } from './openingView.ts'
import { StickyNote } from './StickyNote.tsx'
import { useFonts } from './useFonts.ts'
import { useProjection } from './useProjection.ts'

const nodeTypes = { card: NodeCard, note: StickyNote } satisfies NodeTypes
const edgeTypes = { wire: FlowEdge }
const minimapFrom = 24
const minimapUpTo = 1000
const panWithMiddleButton = [1]

/** The canvas of the active document. */
export function FlowCanvas() {
  const path = useActiveDocument((document) => document.path)
  if (path === undefined) return null
  return (
    <ReactFlowProvider key={path}>
      <CanvasOfDocument />
    </ReactFlowProvider>
  )
}

function CanvasOfDocument() {
  const document = useActiveDocument((active) => active)
  return document && <Canvas document={document} />
}

function Canvas({ document }: { readonly document: OpenDocument }) {
  useFonts()
  const { nodes, edges } = useProjection(document.flow)
  const dragging = useDragging(nodes)
  const connecting = useConnecting()
  const dropping = useDropping()
  const menus = useMenus()
  useCanvasCommands()
  useReveal()
  const store = useStoreApi()
  const level = useStore((state) => levelAt(state.transform[2]))
  const count = Object.keys(document.flow.nodes).length
  const empty = count === 0 && nodes.length === 0
  return (
    <LevelContext value={level}>
      <div
        className={styles['canvas']}
        tabIndex={0}
        aria-label="Flow canvas"
        data-level={level}
        {...{ [canvasAttribute]: '' }}
        {...dropping}
      >
        <ReactFlow<CanvasNode, WireEdge>
          nodes={dragging.nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          // Every node brings size and handles along, so that nodes out of sight need not be drawn to be measured.
          onlyRenderVisibleElements
          minZoom={0.05}
          maxZoom={2}
          onInit={(view) => {
            const { width, height } = store.getState()
            void view.setViewport(leftView(document.path) ?? openingView(nodes, width, height))
          }}
          onMoveEnd={(_event, viewport) => {
            leaveView(document.path, viewport)
          }}
          // A plain drag selects with a box, as in drawing programs; space, the middle button and the wheel pan.
          panOnDrag={panWithMiddleButton}
          panActivationKeyCode="Space"
          panOnScroll
          selectionOnDrag
          selectionMode={SelectionMode.Partial}
          selectionKeyCode={null}
          multiSelectionKeyCode={multiSelectionKeys}
          // Keys are the keymap's, so that they can be remapped and are listed in one place.
          deleteKeyCode={null}
          zoomOnDoubleClick={false}
          disableKeyboardA11y
          edgesFocusable={false}
          autoPanOnNodeFocus={false}
          elevateNodesOnSelect
          connectOnClick={false}
          connectionRadius={28}
          connectionDragThreshold={4}
          reconnectRadius={14}
          nodeDragThreshold={3}
          connectionLineComponent={ConnectionLine}
          proOptions={proOptions}
          {...dragging.handlers}
          {...connecting}
          {...menus}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} color="var(--dot)" />
          <CanvasControls />
          {count >= minimapFrom && count <= minimapUpTo && (
            <MiniMap className={styles['minimap'] ?? ''} pannable zoomable ariaLabel="Overview" nodeBorderRadius={24} />
          )}
          <Unzoom />
        </ReactFlow>
        {empty && <EmptyCanvas />}
        {count === 1 && document.flow.edges.length === 0 && <FirstStep />}
        <AddNodeMenu />
        <ConnectMenu />
        <FindNodes />
        <CanvasMenu />
      </div>
    </LevelContext>
  )
}

const proOptions = { hideAttribution: true }
const multiSelectionKeys = ['Shift', 'Meta', 'Control']

/** Keeps `--unzoom`, one screen pixel in canvas units, for what keeps its size on the screen. */
function Unzoom() {
  const zoom = useStore((state) => state.transform[2])
  const pane = useStore((state) => state.domNode)
  useEffect(() => {
    pane?.style.setProperty('--unzoom', String(1 / zoom))
  }, [pane, zoom])
  return null
}
