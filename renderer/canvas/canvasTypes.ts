import type { Edge as FlowViewEdge, Node as FlowViewNode } from '@xyflow/react'
import type { FlowNode, Note } from '../../model/document.ts'
import type { Edge } from '../../model/edges.ts'
import type { CardGeometry } from './cardGeometry.ts'
import type { NodeFace } from './nodeFace.ts'

/** A node of the flow as the canvas draws it. Nothing of a run is in here: cards select that themselves. */
export type CardNode = FlowViewNode<
  { readonly node: FlowNode; readonly face: NodeFace; readonly geometry: CardGeometry },
  'card'
>

/** A sticky note. Its id on the canvas is the note's id behind {@link notePrefix}. */
export type NoteNode = FlowViewNode<{ readonly noteId: string; readonly note: Note }, 'note'>

export type CanvasNode = CardNode | NoteNode

/** An edge; its id is `formatEdge(edge)`. */
export type WireEdge = FlowViewEdge<
  {
    readonly edge: Edge
    readonly supply: boolean
    /** Height at which the line of an edge that leads back runs. */
    readonly lane: number | undefined
  },
  'wire'
>

const notePrefix = 'note:'

/** Id under which a note stands on the canvas; node ids are identifiers, so the two cannot meet. */
export function noteNodeId(noteId: string): string {
  return notePrefix + noteId
}

/** The note behind a canvas id; undefined where it belongs to a node. */
export function noteIdOf(canvasId: string): string | undefined {
  return canvasId.startsWith(notePrefix) ? canvasId.slice(notePrefix.length) : undefined
}
