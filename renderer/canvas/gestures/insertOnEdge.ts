import type { Flow } from '../../../model/document.ts'
import { type Edge, formatEdge } from '../../../model/edges.ts'
import { insertOnEdge } from '../../../model/edits/edges.ts'
import { moveNodes } from '../../../model/edits/nodes.ts'
import { canvasFlow } from '../canvasEdit.ts'
import type { Point } from '../canvasStore.ts'
import { cardWidth } from '../cardGeometry.ts'
import { nodeFace } from '../nodeFace.ts'
import { isSupplyEdge } from '../wiring.ts'

const room = 56

/** The edge of the flow with this text. */
export function findEdge(flow: Flow, text: string): Edge | undefined {
  return flow.edges.find((edge) => formatEdge(edge) === text)
}

/** The token edge drawn under a point of the window, other than those of `node`. */
export function edgeUnder(point: Point, node?: string): string | undefined {
  const flow = canvasFlow()
  if (!flow) return undefined
  for (const element of document.elementsFromPoint(point.x, point.y)) {
    const id = element.closest('.react-flow__edge')?.getAttribute('data-id')
    const edge = id === null || id === undefined ? undefined : findEdge(flow, id)
    if (edge && edge.from !== node && edge.to !== node && !isSupplyEdge(flow, edge)) return formatEdge(edge)
  }
  return undefined
}

/** Whether a node could be put into an edge: it has a way in and out and no edges yet. */
export function insertable(id: string): boolean {
  const flow = canvasFlow()
  const node = flow?.nodes[id]
  if (!flow || !node) return false
  const face = nodeFace(node)
  return (
    face.inputs.length > 0 && face.outputs.length > 0 && !flow.edges.some((edge) => edge.from === id || edge.to === id)
  )
}

/** Everything from `x` on moves to the right, so that a node fits between an edge's ends. */
function madeRoom(flow: Flow, edge: Edge, id: string): Flow {
  const places = flow.layout?.nodes ?? {}
  const [from, to] = [places[edge.from], places[edge.to]]
  const [fromX = 0, toX = 0] = [from?.[0], to?.[0]]
  const missing = fromX + 2 * cardWidth + 2 * room - toX
  if (!from || !to || missing <= 0 || toX <= fromX) return flow
  const moved = Object.entries(places).filter(([other, at]) => other !== id && (at[0] ?? 0) >= toX)
  return moveNodes(flow, Object.fromEntries(moved.map(([other, [x = 0, y = 0]]) => [other, [x + missing, y]])))
}

/** Puts a node of the flow into an edge named by its text, and makes room for it. */
export function insertedOn(flow: Flow, edgeText: string, id: string): Flow {
  const edge = findEdge(flow, edgeText)
  const node = flow.nodes[id]
  if (!edge || !node) return flow
  const face = nodeFace(node)
  const [input, output] = [face.inputs[0]?.name, face.outputs[0]?.name]
  if (input === undefined || output === undefined) return flow
  const wired = insertOnEdge(flow, edge, id, { in: input, out: output })
  const [fromX = 0, fromY = 0] = wired.layout?.nodes?.[edge.from] ?? []
  const [, toY = fromY] = wired.layout?.nodes?.[edge.to] ?? []
  const roomy = madeRoom(wired, edge, id)
  return roomy === wired ? wired : moveNodes(roomy, { [id]: [fromX + cardWidth + room, (fromY + toY) / 2] })
}
