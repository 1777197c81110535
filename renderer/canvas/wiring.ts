import type { Flow, FlowNode } from '../../model/document.ts'
import { type Edge, errorPort } from '../../model/edges.ts'
import type { Port } from '../../model/nodeSpec.ts'
import { type NodeFace, nodeFace } from './nodeFace.ts'

/** What a flow's edges say of its cards. */
export interface Wiring {
  readonly errorWired: ReadonlySet<string>
  readonly suppliers: ReadonlySet<string>
  /** Ports that edges name and the kind does not have: drawn all the same, so that the edge can be seen and repaired. */
  readonly strayOutputs: ReadonlyMap<string, readonly Port[]>
  readonly strayInputs: ReadonlyMap<string, readonly Port[]>
}

/** Whether an edge supplies an agent instead of carrying a token. */
export function isSupplyEdge(flow: Flow, edge: Edge): boolean {
  const target = flow.nodes[edge.to]
  return target !== undefined && nodeFace(target).supplies.some((port) => port.name === edge.toPort)
}

function addStray(
  strays: Map<string, readonly Port[]>,
  id: string,
  ports: readonly Port[] | undefined,
  name: string,
): void {
  const known = strays.get(id) ?? []
  if (ports && ![...ports, ...known].some((port) => port.name === name)) strays.set(id, [...known, { name }])
}

function faceOf(flow: Flow, id: string): NodeFace | undefined {
  const node = flow.nodes[id]
  return node && nodeFace(node)
}

const wirings = new WeakMap<Flow['edges'], { nodes: Flow['nodes']; readonly wiring: Wiring }>()

/** Names of ports, as a text to compare. */
export function portNames(ports: readonly Port[]): string {
  return ports.map((port) => port.name).join('|')
}

function samePorts(one: FlowNode, other: FlowNode): boolean {
  const [a, b] = [nodeFace(one), nodeFace(other)]
  return (
    portNames(a.inputs) === portNames(b.inputs) &&
    portNames(a.outputs) === portNames(b.outputs) &&
    portNames(a.supplies) === portNames(b.supplies)
  )
}

function sameWiring(before: Flow['nodes'], after: Flow['nodes']): boolean {
  if (before === after) return true
  const ids = Object.keys(after)
  if (ids.length !== Object.keys(before).length) return false
  return ids.every((id) => {
    const [one, other] = [before[id], after[id]]
    return one !== undefined && other !== undefined && (one === other || samePorts(one, other))
  })
}

/**
 * What a flow's edges say of its cards. The same object for as long as edges and ports stay as they are: an edit of a
 * setting reads no edge.
 */
export function wiringOf(flow: Flow): Wiring {
  const known = wirings.get(flow.edges)
  if (known && sameWiring(known.nodes, flow.nodes)) {
    known.nodes = flow.nodes
    return known.wiring
  }
  const wiring = readWiring(flow)
  wirings.set(flow.edges, { nodes: flow.nodes, wiring })
  return wiring
}

function readWiring(flow: Flow): Wiring {
  const errorWired = new Set<string>()
  const suppliers = new Set<string>()
  const strayOutputs = new Map<string, readonly Port[]>()
  const strayInputs = new Map<string, readonly Port[]>()
  for (const edge of flow.edges) {
    if (isSupplyEdge(flow, edge)) {
      suppliers.add(edge.from)
      continue
    }
    if (edge.fromPort === errorPort) errorWired.add(edge.from)
    else addStray(strayOutputs, edge.from, faceOf(flow, edge.from)?.outputs, edge.fromPort)
    addStray(strayInputs, edge.to, faceOf(flow, edge.to)?.inputs, edge.toPort)
  }
  return { errorWired, suppliers, strayOutputs, strayInputs }
}
