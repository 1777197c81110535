import type { Flow, FlowNode, Policy } from '../../model/document.ts'
import { flowFormat } from '../../model/document.ts'
import { parseEdge } from '../../model/edges.ts'
import type { JsonObject } from '../../model/json.ts'

/**
 * Makes a flow for tests from its edges. Nodes that `nodes` does not mention are `start` where they are called so,
 * else `step`s with the ports their edges use; nodes stand in the order of their first mention.
 */
export function flowOf(edges: readonly string[], nodes: Readonly<Record<string, NodeNote>> = {}): Flow {
  const parsed = edges.map((text) => {
    const edge = parseEdge(text)
    if (!edge) throw new Error(`No edge: ${text}`)
    return edge
  })
  const ids = [...new Set([...Object.keys(nodes), ...parsed.flatMap((edge) => [edge.from, edge.to])])]
  const all: Record<string, FlowNode> = Object.create(null) as Record<string, FlowNode>
  for (const id of ids) {
    const used = new Set(
      parsed.flatMap((edge) => (edge.from === id && edge.fromPort !== 'error' ? [edge.fromPort] : [])),
    )
    const note = nodes[id] ?? {}
    const kind = note.kind ?? (id === 'start' ? 'start' : 'step')
    const ports = note.ports ?? (used.size === 0 ? ['out'] : [...used])
    all[id] = {
      kind,
      ...(kind === 'step' ? { data: { ports, ...note.data } } : note.data && { data: note.data }),
      ...(note.parent !== undefined && { parent: note.parent }),
      ...(note.policy && { policy: note.policy }),
      ...(note.disabled !== undefined && { disabled: note.disabled }),
    }
  }
  return { format: flowFormat, name: 'Test', nodes: all, edges: parsed }
}

export interface NodeNote {
  readonly kind?: string
  readonly ports?: string[]
  readonly data?: JsonObject
  readonly parent?: string
  readonly policy?: Policy
  readonly disabled?: FlowNode['disabled']
}
