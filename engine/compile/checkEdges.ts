import type { Flow } from '../../model/document.ts'
import { errorPort, formatEdge, type Edge } from '../../model/edges.ts'
import type { NodeDraft } from './planNode.ts'
import type { Reporter } from './reporter.ts'

/** The edges of a flow, told apart. */
export interface Wiring {
  /** Edges that carry tokens, between nodes of one scope, without repetition, in the order of the file. */
  readonly tokens: readonly Edge[]
  /** Suppliers by node and supply port, in file order of the suppliers. */
  readonly supplies: ReadonlyMap<string, Readonly<Record<string, string[]>>>
  /** Nodes that take no tokens. */
  readonly offline: ReadonlyMap<string, 'supplier' | 'compensator'>
}

/** Checks every edge and tells token edges from supply edges. EXECUTION.md 1.2, 4.4, 5.2, 6.3. */
export function checkEdges(flow: Flow, drafts: ReadonlyMap<string, NodeDraft>, reporter: Reporter): Wiring {
  const tokens: Edge[] = []
  const supplyEdges: Edge[] = []
  const seen = new Set<string>()
  for (const [index, edge] of flow.edges.entries()) {
    const place = { field: `edges[${String(index)}]` }
    const text = formatEdge(edge)
    if (seen.has(text)) {
      reporter.report('duplicate-edge', `The edge "${text}" stands twice.`, place)
      continue
    }
    seen.add(text)
    if (!checkEnds(flow, edge, drafts, reporter, place)) continue
    if (drafts.get(edge.to)?.supplies.has(edge.toPort) === true) supplyEdges.push(edge)
    else tokens.push(edge)
  }
  const offline = new Map<string, 'supplier' | 'compensator'>()
  for (const edge of supplyEdges) offline.set(edge.from, 'supplier')
  for (const edge of tokens) checkSupplierEdge(edge, offline, reporter)
  const touched = new Set([...tokens, ...supplyEdges].flatMap((edge) => [edge.from, edge.to]))
  for (const [id, node] of Object.entries(flow.nodes))
    checkCompensator(id, node.policy?.compensate, flow, touched, offline, reporter)
  return {
    tokens: tokens.filter((edge) => !offline.has(edge.from) && !offline.has(edge.to)),
    supplies: suppliesOf(flow, supplyEdges),
    offline,
  }
}

function checkEnds(
  flow: Flow,
  edge: Edge,
  drafts: ReadonlyMap<string, NodeDraft>,
  reporter: Reporter,
  place: { field: string },
): boolean {
  const text = formatEdge(edge)
  const unknown = [edge.from, edge.to].filter((id) => !Object.hasOwn(flow.nodes, id))
  for (const id of new Set(unknown))
    reporter.report('unknown-node', `The edge "${text}" names "${id}", which is not in the flow.`, place)
  if (unknown.length > 0) return false
  const from = drafts.get(edge.from)
  const to = drafts.get(edge.to)
  let isGood = true
  if (from?.plan && edge.fromPort !== errorPort && !from.outputs.has(edge.fromPort)) {
    isGood = false
    reporter.report(
      'unknown-port',
      `"${edge.from}" has no output port "${edge.fromPort}". It has: ${[...from.plan.ports, errorPort].join(', ')}.`,
      { node: edge.from, ...place },
    )
  }
  if (to?.plan && !to.inputs.has(edge.toPort) && !to.supplies.has(edge.toPort)) {
    isGood = false
    const has = [...to.inputs, ...to.supplies].join(', ')
    reporter.report('unknown-port', `"${edge.to}" has no input port "${edge.toPort}". It has: ${has || 'none'}.`, {
      node: edge.to,
      ...place,
    })
  }
  if (flow.nodes[edge.from]?.parent !== flow.nodes[edge.to]?.parent) {
    isGood = false
    reporter.report(
      'crosses-container',
      `The edge "${text}" crosses the border of a container. Lead it to the container itself.`,
      { node: edge.from, path: [edge.from, edge.to], ...place },
    )
  }
  return isGood
}

function checkSupplierEdge(edge: Edge, offline: ReadonlyMap<string, string>, reporter: Reporter): void {
  for (const id of new Set([edge.from, edge.to])) {
    if (!offline.has(id)) continue
    reporter.report(
      'supplier-with-tokens',
      `"${id}" supplies another node, so it takes no part in the flow: remove the edge "${formatEdge(edge)}".`,
      { node: id, path: [edge.from, edge.to] },
    )
  }
}

function checkCompensator(
  id: string,
  compensate: string | undefined,
  flow: Flow,
  touched: ReadonlySet<string>,
  offline: Map<string, 'supplier' | 'compensator'>,
  reporter: Reporter,
): void {
  if (compensate === undefined) return
  const place = { node: id, field: 'policy.compensate' }
  if (!Object.hasOwn(flow.nodes, compensate))
    reporter.report('unknown-node', `Node "${id}": "${compensate}", which should undo it, is not in the flow.`, place)
  else if (touched.has(compensate) || compensate === id) {
    reporter.report('bad-policy', `Node "${id}": "${compensate}" undoes it, so it may have no edges of its own.`, place)
  } else offline.set(compensate, 'compensator')
}

function suppliesOf(flow: Flow, edges: readonly Edge[]): Map<string, Record<string, string[]>> {
  const places = new Map(Object.keys(flow.nodes).map((id, index) => [id, index]))
  const inOrder = [...edges].sort((a, b) => (places.get(a.from) ?? 0) - (places.get(b.from) ?? 0))
  const supplies = new Map<string, Record<string, string[]>>()
  for (const edge of inOrder) {
    const ports = supplies.get(edge.to) ?? {}
    const list = (ports[edge.toPort] ??= [])
    if (!list.includes(edge.from)) list.push(edge.from)
    supplies.set(edge.to, ports)
  }
  return supplies
}
