import type { NodeHandle } from '@xyflow/react'
import type { CardNode } from './canvasTypes.ts'
import { handleSize, stateRowHeight } from './cardGeometry.ts'

/** From how far to the left of its source a target counts as lying behind it. */
export const backFrom = 28

const clearance = 28
const lineRoom = 10
const mostEdges = 200

interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

interface Span {
  readonly sourceX: number
  readonly sourceY: number
  readonly targetX: number
  readonly targetY: number
}

export interface LaneInput {
  readonly id: string
  readonly source: string
  readonly sourceHandle: string
  readonly target: string
  readonly targetHandle: string
}

function boxOf({ position: { x, y }, width = 0, height = 0 }: CardNode): Box {
  return { left: x, top: y, right: x + width, bottom: y + height + stateRowHeight }
}

function middleOf(card: CardNode, type: NodeHandle['type'], id: string): { x: number; y: number } | undefined {
  const handle = card.handles?.find((candidate) => candidate.type === type && candidate.id === id)
  return handle && { x: card.position.x + handle.x + handleSize / 2, y: card.position.y + handle.y + handleSize / 2 }
}

function spanOf(edge: LaneInput, cards: ReadonlyMap<string, CardNode>): Span | undefined {
  const [from, to] = [cards.get(edge.source), cards.get(edge.target)]
  const source = from && middleOf(from, 'source', edge.sourceHandle)
  const target = to && middleOf(to, 'target', edge.targetHandle)
  if (!source || !target || target.x >= source.x - backFrom) return undefined
  return { sourceX: source.x, sourceY: source.y, targetX: target.x, targetY: target.y }
}

/** Heights at which the line could run. */
function candidates(span: Span, inWay: readonly Box[], ends: readonly Box[]): number[] {
  const above = Math.min(...ends.map((box) => box.top)) - clearance
  const below = Math.max(...ends.map((box) => box.bottom)) + clearance
  const between = (span.sourceY + span.targetY) / 2
  const overAll = inWay.reduce((top, box) => Math.min(top, box.top), Infinity) - clearance
  const underAll = inWay.reduce((bottom, box) => Math.max(bottom, box.bottom), -Infinity) + clearance
  return [above, between, below, overAll, underAll]
}

function crossings(boxes: readonly Box[], y: number): number {
  let count = 0
  for (const box of boxes) if (box.top < y + lineRoom && box.bottom > y - lineRoom) count += 1
  return count
}

function laneOf(span: Span, boxes: readonly Box[], ends: readonly Box[]): number {
  const [left, right] = [span.targetX - clearance, span.sourceX + clearance]
  const inWay = boxes.filter((box) => box.left < right && box.right > left)
  const way = (y: number) => Math.abs(y - span.sourceY) + Math.abs(y - span.targetY)
  const ranked = candidates(span, inWay, ends).map((y) => ({ y, hits: crossings(inWay, y), way: way(y) }))
  const [best] = ranked.sort((a, b) => a.hits - b.hits || a.way - b.way)
  return best?.y ?? span.sourceY
}

/**
 * For every edge that leads back to the left, the height of the lane in which its line runs: where it crosses the fewest
 * cards. A flow with more such edges than a person can follow gets no lanes.
 */
export function backLanes(
  edges: readonly LaneInput[],
  cards: ReadonlyMap<string, CardNode>,
): ReadonlyMap<string, number> {
  const lanes = new Map<string, number>()
  let boxes: Box[] | undefined
  for (const edge of edges) {
    const span = spanOf(edge, cards)
    const [from, to] = [cards.get(edge.source), cards.get(edge.target)]
    if (!span || !from || !to) continue
    if (lanes.size >= mostEdges) break
    boxes ??= [...cards.values()].map(boxOf)
    lanes.set(edge.id, Math.round(laneOf(span, boxes, [boxOf(from), boxOf(to)])))
  }
  return lanes
}
