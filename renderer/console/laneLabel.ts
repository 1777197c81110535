import type { AgentCall } from '../../model/events.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { activeDocument, type DocumentState } from '../state/documentStore.ts'

interface Named {
  /** Node path. */
  readonly path: string
  /** Id in the flow file. */
  readonly node: string
  readonly call?: AgentCall
}

/** What people call a step: the node's label, a call's tool or turn, an item's number. */
export function laneLabel(state: DocumentState, { path, node, call }: Named): string {
  if (call?.type === 'model') return `turn ${call.turn} · ${call.model}`
  if (call) return labelOf(state, call.tool)
  const item = /\[(\d+)\]$/.exec(path)?.[1]
  return item === undefined ? labelOf(state, node) : `${labelOf(state, node)} [${item}]`
}

function labelOf(state: DocumentState, id: string): string {
  const node = activeDocument(state)?.flow.nodes[id]
  return node ? nodeFace(node).title : id
}
