import type { Flow } from '../../model/document.ts'
import { defaultOutPort, type Edge } from '../../model/edges.ts'
import { canConnect, type WiringProblem } from '../../model/wiring.ts'
import { kinds } from '../kinds.ts'
import type { Connecting, WireEnd } from './canvasStore.ts'
import { supplyHandle } from './cardGeometry.ts'
import { nodeFace } from './nodeFace.ts'

/** The edge between two ends, whichever way it was drawn; undefined between two ends of the same sort. */
export function edgeBetween(one: WireEnd, other: WireEnd): Edge | undefined {
  if (one.type === other.type) return undefined
  const [from, to] = one.type === 'source' ? [one, other] : [other, one]
  const fromPort = from.handle === supplyHandle ? defaultOutPort : from.handle
  return { from: from.node, fromPort, to: to.node, toPort: to.handle }
}

function isSupplyEnd(flow: Flow, end: WireEnd): boolean {
  const node = flow.nodes[end.node]
  return node !== undefined && nodeFace(node).supplies.some((port) => port.name === end.handle)
}

/** What stands against a wire between two ends; undefined where nothing does. */
export function wireProblem(flow: Flow, one: WireEnd, other: WireEnd): WiringProblem | undefined {
  const edge = edgeBetween(one, other)
  if (!edge)
    return { code: 'bad-edge', message: one.type === 'source' ? 'Connect to an input.' : 'Begin at an outcome.' }
  const [from, to] = one.type === 'source' ? [one, other] : [other, one]
  const supplied = isSupplyEnd(flow, to)
  if (supplied && from.handle !== supplyHandle && from.handle !== defaultOutPort) {
    return { code: 'unknown-port', message: 'A tool is wired as a whole, not from one of its outcomes.' }
  }
  if (!supplied && from.handle === supplyHandle)
    return { code: 'unknown-port', message: 'This end supplies agents: lead it to a diamond.' }
  return canConnect(flow, kinds, edge)
}

/** The ends of a node that a wire from `from` may have. */
export function fittingEnds(flow: Flow, from: WireEnd, id: string): WireEnd[] {
  const node = flow.nodes[id]
  if (!node) return []
  const face = nodeFace(node)
  const ends: WireEnd[] =
    from.type === 'source'
      ? [...face.inputs, ...face.supplies].map((port) => ({ node: id, handle: port.name, type: 'target' }))
      : [...face.outputs.map((port) => port.name), supplyHandle].map((handle) => ({ node: id, handle, type: 'source' }))
  return ends.filter((end) => wireProblem(flow, from, end) === undefined)
}

/** A wire that begins at `from`, with every handle where it may end. */
export function connectingFrom(flow: Flow, from: WireEnd): Connecting {
  const targets = new Map<string, ReadonlySet<string>>()
  for (const id of Object.keys(flow.nodes)) {
    const ends = fittingEnds(flow, from, id)
    if (ends.length > 0) targets.set(id, new Set(ends.map((end) => end.handle)))
  }
  return { from, targets }
}

/** The outcome of a node that a next node would be wired to: the first without an edge. */
export function freeOutput(flow: Flow, id: string): WireEnd | undefined {
  const node = flow.nodes[id]
  if (!node) return undefined
  const used = new Set(flow.edges.filter((edge) => edge.from === id).map((edge) => edge.fromPort))
  const port = nodeFace(node).outputs.find((output) => !used.has(output.name))
  return port && { node: id, handle: port.name, type: 'source' }
}
