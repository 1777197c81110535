import type { FlowNode } from './document.ts'
import { errorPort } from './edges.ts'
import type { KindRegistry, NodeSpec, Port } from './nodeSpec.ts'

/** The ports of one node of a flow. */
export interface NodePorts {
  readonly inputs: readonly Port[]
  /** In order, without `error`. */
  readonly outputs: readonly Port[]
  readonly supplies: readonly Port[]
  /** Whether a failure may leave on `error`. */
  readonly hasError: boolean
}

const noPorts: NodePorts = { inputs: [], outputs: [], supplies: [], hasError: false }

/**
 * The ports of a node, from its kind and its settings. Settings that do not fit the kind, as they are while being
 * written, are taken as far as they go. Undefined where the kind is not installed.
 */
export function portsOf(node: FlowNode, kinds: KindRegistry): NodePorts | undefined {
  const spec = kinds.get(node.kind)
  if (!spec) return undefined
  const { inputs, outputs, supplies } = tolerantPorts(spec, node)
  return {
    inputs,
    outputs,
    supplies: supplies ?? [],
    hasError: spec.role?.type !== 'start' && spec.role?.type !== 'trigger',
  }
}

function tolerantPorts(spec: NodeSpec, node: FlowNode): ReturnType<NodeSpec['ports']> {
  const written = node.data ?? {}
  const parsed = spec.data.safeParse(written)
  if (parsed.success) return spec.ports(parsed.data)
  const defaults = spec.data.safeParse({})
  const bare = defaults.success ? defaults.data : {}
  return tryPorts(spec, { ...bare, ...written }) ?? tryPorts(spec, bare) ?? noPorts
}

/** A kind may trust its own schema, which these settings have not passed: then it stumbles over a missing property. */
function tryPorts(spec: NodeSpec, data: Record<string, unknown>): ReturnType<NodeSpec['ports']> | undefined {
  try {
    return spec.ports(data)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Whether an edge may leave by a port. */
export function hasOutput(ports: NodePorts, name: string): boolean {
  return ports.outputs.some((port) => port.name === name) || (name === errorPort && ports.hasError)
}

/** Whether tokens may arrive at a port. */
export function hasInput(ports: NodePorts, name: string): boolean {
  return ports.inputs.some((port) => port.name === name)
}

/** Whether a port takes a supplier: a tool, a model. */
export function hasSupply(ports: NodePorts, name: string): boolean {
  return ports.supplies.some((port) => port.name === name)
}
