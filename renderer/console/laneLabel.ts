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
  if (call) return callLabel(call)
  const found = activeDocument(state)?.flow.nodes[node]
  const label = found ? nodeFace(found).title : node
  const item = /\[(\d+)\]$/.exec(path)?.[1]
  return item === undefined ? label : `${label} [${item}]`
}

function callLabel(call: AgentCall): string {
  return call.type === 'model' ? `turn ${call.turn} · ${call.model}` : call.tool
}
