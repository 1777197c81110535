import type { EdgeMouseHandler, NodeMouseHandler } from '@xyflow/react'
import type { MouseEvent as ReactMouseEvent } from 'react'
import { runCommand } from '../../keymap/commands.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { canvasStore, type MenuTarget } from '../canvasStore.ts'
import { type CanvasNode, noteIdOf, type WireEdge } from '../canvasTypes.ts'

function openMenu(event: ReactMouseEvent | MouseEvent, target: MenuTarget): void {
  event.preventDefault()
  canvasStore.setState({ menu: { at: { x: event.clientX, y: event.clientY }, target }, adding: undefined })
}

/** What a right click on a node means: the selection where the node is part of several, else the node. */
export function menuTargetOf(id: string): MenuTarget {
  const { nodes, notes, select } = selectionStore.getState()
  const note = noteIdOf(id)
  if ((note === undefined ? nodes.has(id) : notes.has(note)) && nodes.size + notes.size > 1)
    return { type: 'selection' }
  if (note !== undefined) {
    select({ notes: [note] })
    return { type: 'note', note }
  }
  select({ nodes: [id] })
  return { type: 'node', node: id }
}

const onNodeContextMenu: NodeMouseHandler<CanvasNode> = (event, node) => {
  openMenu(event, menuTargetOf(node.id))
}

const onEdgeContextMenu: EdgeMouseHandler<WireEdge> = (event, edge) => {
  selectionStore.getState().select({ edges: [edge.id] })
  openMenu(event, { type: 'edge', edge: edge.id })
}

const onPaneContextMenu = (event: ReactMouseEvent | MouseEvent) => {
  openMenu(event, { type: 'canvas' })
}

const onEdgeMouseEnter: EdgeMouseHandler<WireEdge> = (_event, edge) => {
  selectionStore.getState().hoverEdge(edge.id)
}

/** How long an edge counts as hovered after the pointer has left its line. */
const leaveDelayMs = 250

const onEdgeMouseLeave: EdgeMouseHandler<WireEdge> = (_event, edge) => {
  // The button on the edge lies outside the edge's own element: give the pointer time to reach it.
  setTimeout(() => {
    const { hoveredEdge, hoverEdge } = selectionStore.getState()
    if (hoveredEdge === edge.id && !document.querySelector('[data-insert]:hover')) hoverEdge(undefined)
  }, leaveDelayMs)
}

const onNodeDoubleClick: NodeMouseHandler<CanvasNode> = (_event, node) => {
  if (node.type === 'card') runCommand('node.inspect')
}

const handlers = {
  onNodeContextMenu,
  onEdgeContextMenu,
  onPaneContextMenu,
  onEdgeMouseEnter,
  onEdgeMouseLeave,
  onNodeDoubleClick,
}

/** Right clicks, hovering and double clicks on nodes and edges. */
export function useMenus() {
  return handlers
}
