import type { NodeChange, OnEdgesChange, OnNodeDrag, OnNodesChange } from '@xyflow/react'
import { useMemo, useRef, useState } from 'react'
import { moveNote } from '../../../model/edits/notes.ts'
import { moveNodes } from '../../../model/edits/nodes.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { editOnCanvas } from '../canvasEdit.ts'
import { canvasStore } from '../canvasStore.ts'
import { type CanvasNode, noteIdOf, type WireEdge } from '../canvasTypes.ts'
import { edgeUnder, insertable, insertedOn } from './insertOnEdge.ts'

/** Where something is held at the moment; a size only while it is being resized. */
interface Box {
  readonly x: number
  readonly y: number
  readonly width?: number
  readonly height?: number
}

type Moves = ReadonlyMap<string, Box>

const noMoves: Moves = new Map()

/** The nodes with those that are held where the hand has them. */
function withMoves(nodes: readonly CanvasNode[], moves: Moves): CanvasNode[] {
  if (moves.size === 0) return [...nodes]
  return nodes.map((node) => {
    const box = moves.get(node.id)
    if (!box) return node
    const { x, y, width = node.width, height = node.height } = box
    const size = width === undefined || height === undefined ? {} : { width, height, measured: { width, height } }
    return { ...node, position: { x, y }, ...size }
  })
}

function movesOf(before: Moves, changes: readonly NodeChange<CanvasNode>[], nodes: readonly CanvasNode[]): Moves {
  const moves = new Map(before)
  for (const change of changes) {
    if (change.type === 'position' && change.position) {
      moves.set(change.id, { ...moves.get(change.id), ...change.position })
    } else if (change.type === 'dimensions' && change.resizing !== undefined && change.dimensions) {
      const place = moves.get(change.id) ?? nodes.find((node) => node.id === change.id)?.position ?? { x: 0, y: 0 }
      moves.set(change.id, { x: place.x, y: place.y, ...change.dimensions })
    }
  }
  return moves
}

/** Makes what was moved one edit of the document. */
function commitMoves(moves: Moves): void {
  editOnCanvas('Move', (flow) => {
    const places: Record<string, readonly number[]> = {}
    let next = flow
    for (const [id, { x, y, width, height }] of moves) {
      const note = noteIdOf(id)
      const at = width === undefined || height === undefined ? [x, y] : [x, y, width, height]
      if (note !== undefined) next = moveNote(next, note, at)
      else if (flow.nodes[id]) places[id] = [x, y]
    }
    return Object.keys(places).length > 0 ? moveNodes(next, places) : next
  })
}

/** Puts a node that was let go over an edge into it; the move and the wiring are one step of undo. */
function commitDrop(moves: Moves, id: string, edge: string): void {
  const box = moves.get(id)
  editOnCanvas('Insert', (flow) => insertedOn(box ? moveNodes(flow, { [id]: [box.x, box.y] }) : flow, edge, id))
}

/** Takes over what the view says about which nodes and notes are selected. */
function takeNodeSelection(changes: readonly NodeChange<CanvasNode>[]): void {
  const selects = changes.filter((change) => change.type === 'select')
  if (selects.length === 0) return
  const { nodes, notes, edges, select } = selectionStore.getState()
  const chosen = { nodes: new Set(nodes), notes: new Set(notes) }
  for (const { id, selected } of selects) {
    const note = noteIdOf(id)
    const set = note === undefined ? chosen.nodes : chosen.notes
    if (selected) set.add(note ?? id)
    else set.delete(note ?? id)
  }
  select({ ...chosen, edges })
}

const takeEdgeSelection: OnEdgesChange<WireEdge> = (changes) => {
  const selects = changes.filter((change) => change.type === 'select')
  if (selects.length === 0) return
  const { nodes, notes, edges, select } = selectionStore.getState()
  const chosen = new Set(edges)
  for (const { id, selected } of selects) {
    if (selected) chosen.add(id)
    else chosen.delete(id)
  }
  select({ nodes, notes, edges: chosen })
}

/**
 * Moving and resizing on the canvas. Places stay here while the hand holds them and become one edit when it lets go; a
 * single unwired node let go over an edge is put into it.
 */
export function useDragging(nodes: readonly CanvasNode[]) {
  const [moves, setMoves] = useState(noMoves)
  // The last step and the letting go arrive before the next drawing: handlers must not read what was drawn.
  const latest = useRef(noMoves)
  const put = (next: Moves) => {
    latest.current = next
    setMoves(next)
  }
  const onNodesChange: OnNodesChange<CanvasNode> = (changes) => {
    takeNodeSelection(changes)
    if (
      !changes.some(
        (change) => change.type === 'position' || (change.type === 'dimensions' && change.resizing !== undefined),
      )
    )
      return
    put(movesOf(latest.current, changes, nodes))
    if (!changes.some((change) => change.type === 'dimensions' && change.resizing === false)) return
    commitMoves(latest.current)
    put(noMoves)
  }
  const onNodeDrag: OnNodeDrag<CanvasNode> = (event, node, dragged) => {
    const point = 'clientX' in event ? { x: event.clientX, y: event.clientY } : undefined
    const edge = point && dragged.length === 1 && insertable(node.id) ? edgeUnder(point, node.id) : undefined
    if (canvasStore.getState().dropEdge !== edge) canvasStore.setState({ dropEdge: edge })
  }
  const onNodeDragStop: OnNodeDrag<CanvasNode> = (_event, node) => {
    const { dropEdge } = canvasStore.getState()
    if (dropEdge === undefined) commitMoves(latest.current)
    else commitDrop(latest.current, node.id, dropEdge)
    canvasStore.setState({ dropEdge: undefined })
    put(noMoves)
  }
  const shown = useMemo(() => withMoves(nodes, moves), [nodes, moves])
  return { nodes: shown, handlers: { onNodesChange, onEdgesChange: takeEdgeSelection, onNodeDrag, onNodeDragStop } }
}
