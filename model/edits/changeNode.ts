import type { Flow, FlowNode } from '../document.ts'
import { copyMap, own } from '../maps.ts'

/** Changes one node; the same flow where the node is absent or does not change. */
export function changeNode(flow: Flow, id: string, change: (node: FlowNode) => FlowNode): Flow {
  const node = own(flow.nodes, id)
  const next = node && change(node)
  if (!next || next === node) return flow
  const nodes = copyMap(flow.nodes)
  nodes[id] = next
  return { ...flow, nodes }
}
