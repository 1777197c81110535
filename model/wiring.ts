import type { DiagnosticCode } from './diagnostics.ts'
import type { Flow, FlowNode } from './document.ts'
import { formatEdge, type Edge } from './edges.ts'
import { own } from './maps.ts'
import { hasInput, hasOutput, hasSupply, portsOf, type NodePorts } from './nodePorts.ts'
import type { KindRegistry } from './nodeSpec.ts'

/** Why an edge may not be drawn. */
export interface WiringProblem {
  readonly code: DiagnosticCode
  /** A short sentence for the pointer's label. */
  readonly message: string
}

interface End {
  readonly id: string
  readonly node: FlowNode
  readonly ports: NodePorts
}

/**
 * Whether an edge may be added: what can be said of ports, containers and duplicates alone, so that it can be asked on
 * every movement of the pointer. Undefined where nothing stands against it; loops and joins are the compiler's.
 * An end whose kind is not installed is taken as it is.
 */
export function canConnect(flow: Flow, kinds: KindRegistry, edge: Edge): WiringProblem | undefined {
  const from = endOf(flow, kinds, edge.from)
  const to = endOf(flow, kinds, edge.to)
  if (!from || !to) return problem('unknown-node', `There is no node "${from ? edge.to : edge.from}".`)
  return portProblem(edge, from, to) ?? placeProblem(flow, edge, from, to) ?? supplyProblem(flow, kinds, edge, from, to)
}

/** Whether an edge supplies an agent, and so carries no token. EXECUTION.md 6.3. */
export function isSupplyEdge(flow: Flow, kinds: KindRegistry, edge: Edge): boolean {
  const to = endOf(flow, kinds, edge.to)
  return to !== undefined && hasSupply(to.ports, edge.toPort)
}

const anyPorts: NodePorts = { inputs: [], outputs: [], supplies: [], hasError: true }

function endOf(flow: Flow, kinds: KindRegistry, id: string): End | undefined {
  const node = own(flow.nodes, id)
  return node && { id, node, ports: portsOf(node, kinds) ?? anyPorts }
}

function portProblem(edge: Edge, from: End, to: End): WiringProblem | undefined {
  if (from.ports !== anyPorts && !hasOutput(from.ports, edge.fromPort)) {
    const isInput = hasInput(from.ports, edge.fromPort) || hasSupply(from.ports, edge.fromPort)
    return problem(
      'unknown-port',
      isInput ? 'Begin at an output.' : `"${nameOf(from)}" has no output "${edge.fromPort}".`,
    )
  }
  if (to.ports === anyPorts || hasInput(to.ports, edge.toPort) || hasSupply(to.ports, edge.toPort)) return undefined
  if (to.ports.inputs.length === 0) return problem('unknown-port', `Nothing can lead to "${nameOf(to)}".`)
  const isOutput = hasOutput(to.ports, edge.toPort)
  return problem(
    'unknown-port',
    isOutput ? 'That is an output too: connect to an input.' : `"${nameOf(to)}" has no input "${edge.toPort}".`,
  )
}

function placeProblem(flow: Flow, edge: Edge, from: End, to: End): WiringProblem | undefined {
  const text = formatEdge(edge)
  if (flow.edges.some((other) => formatEdge(other) === text))
    return problem('duplicate-edge', 'They are connected already.')
  if (from.node.parent === to.node.parent) return undefined
  return problem('crosses-container', 'An edge may not cross the border of a container.')
}

function supplyProblem(flow: Flow, kinds: KindRegistry, edge: Edge, from: End, to: End): WiringProblem | undefined {
  const supplies = (other: Edge): boolean => isSupplyEdge(flow, kinds, other)
  if (!hasSupply(to.ports, edge.toPort)) {
    const supplier = [from, to].find((end) => flow.edges.some((other) => other.from === end.id && supplies(other)))
    return supplier && problem('supplier-with-tokens', `"${nameOf(supplier)}" is a tool and takes no part in the flow.`)
  }
  if (from.id === to.id) return problem('supplier-with-tokens', 'A node cannot supply itself.')
  if (!maySupply(from, kinds)) return problem('supplier-with-tokens', `"${nameOf(from)}" cannot be a tool.`)
  if (edge.fromPort !== 'out') return problem('unknown-port', 'A tool is wired from its port "out".')
  const hasTokens = flow.edges.some((other) => (other.to === from.id || other.from === from.id) && !supplies(other))
  return hasTokens
    ? problem('supplier-with-tokens', `"${nameOf(from)}" has other edges: a tool takes no part in the flow.`)
    : undefined
}

/** Plain kinds, agents and subflows can be called; control kinds only make sense in the flow. */
function maySupply(end: End, kinds: KindRegistry): boolean {
  const role = kinds.get(end.node.kind)?.role?.type
  return role === undefined || role === 'subflow' || role === 'agent'
}

function nameOf(end: End): string {
  return end.node.label ?? end.id
}

function problem(code: DiagnosticCode, message: string): WiringProblem {
  return { code, message }
}
