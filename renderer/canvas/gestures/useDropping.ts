import { useReactFlow } from '@xyflow/react'
import type { DragEvent, FocusEvent, MouseEvent, PointerEvent } from 'react'
import { kinds } from '../../kinds.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { addNodeFor } from '../addNodes.ts'
import { canvasStore, type Point } from '../canvasStore.ts'
import { focusCanvas } from '../../keymap/dispatcher.ts'
import { kindDragType } from './dragKind.ts'
import { edgeUnder } from './insertOnEdge.ts'
import { openAdd } from './openAdd.ts'

function carriesKind(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(kindDragType)
}

function isPane(target: EventTarget): boolean {
  return target instanceof Element && target.classList.contains('react-flow__pane')
}

/**
 * Dropping kinds from the library, asking for a node by double click, and keeping the keyboard with the canvas. A node
 * reached with Tab is selected, so that the node's keys mean it.
 */
export function useDropping() {
  const { screenToFlowPosition } = useReactFlow()
  const showEdge = (edge: string | undefined) => {
    if (canvasStore.getState().dropEdge !== edge) canvasStore.setState({ dropEdge: edge })
  }
  const pointOf = (event: MouseEvent | DragEvent): Point => ({ x: event.clientX, y: event.clientY })
  return {
    onDragOver: (event: DragEvent) => {
      if (!carriesKind(event)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      showEdge(edgeUnder(pointOf(event)))
    },
    onDragLeave: (event: DragEvent) => {
      if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)))
        showEdge(undefined)
    },
    onDrop: (event: DragEvent) => {
      const spec = kinds.get(event.dataTransfer.getData(kindDragType))
      if (!spec) return
      event.preventDefault()
      const screen = pointOf(event)
      const at = screenToFlowPosition(screen)
      const edge = edgeUnder(screen)
      showEdge(undefined)
      addNodeFor(edge === undefined ? { screen, at } : { screen, at, edge }, spec, at)
      focusCanvas()
    },
    onDoubleClick: (event: MouseEvent) => {
      if (!isPane(event.target)) return
      const screen = pointOf(event)
      openAdd({ screen, at: screenToFlowPosition(screen) })
    },
    onFocus: (event: FocusEvent) => {
      const node =
        event.target instanceof Element && event.target.matches('.react-flow__node-card:focus-visible')
          ? event.target.getAttribute('data-id')
          : null
      if (node !== null) selectionStore.getState().select({ nodes: [node] })
    },
    onPointerDownCapture: (event: PointerEvent) => {
      if (isPane(event.target)) focusCanvas()
    },
  }
}
