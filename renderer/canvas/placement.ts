import type { Flow } from '../../model/document.ts'
import type { AddRequest, Point, WireEnd } from './canvasStore.ts'
import { cardWidth, handleY } from './cardGeometry.ts'
import { growthOf } from './laidOut.ts'
import { nodeFace } from './nodeFace.ts'
import { geometriesOf } from './projectFlow.ts'

/** Distances between a new card and the one it is wired to, in canvas units. */
const besideGap = 80
const belowGap = 56
const stepY = 40
/** A new card is placed before it is measured; it is never lower than this. */
const assumedHeight = 72
const margin = 16
const maxSteps = 200

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where the cards lie, without what a run adds to them. */
function boxesOf(flow: Flow): Box[] {
  const geometries = geometriesOf(flow)
  return Object.entries(flow.layout?.nodes ?? {}).flatMap(([id, [x = 0, y = 0]]) => {
    const geometry = geometries.get(id)
    return geometry ? [{ x, y, width: geometry.width, height: geometry.height }] : []
  })
}

function overlaps(a: Box, b: Box): boolean {
  return (
    a.x < b.x + b.width + margin &&
    b.x < a.x + a.width + margin &&
    a.y < b.y + b.height + margin &&
    b.y < a.y + a.height + margin
  )
}

/** The place itself, or the first below it (beside it, for suppliers) where a card lies on no other. */
export function freePlace(flow: Flow, at: Point, direction: 'down' | 'right' = 'down'): [number, number] {
  const boxes = boxesOf(flow)
  const box = { ...at, width: cardWidth, height: assumedHeight }
  for (let step = 0; step < maxSteps; step += 1) {
    if (!boxes.some((other) => overlaps(box, other))) break
    if (direction === 'down') box.y += stepY
    else box.x += stepY
  }
  return [Math.round(box.x), Math.round(box.y)]
}

function isSupplyOf(flow: Flow, end: WireEnd): boolean {
  const node = flow.nodes[end.node]
  return node !== undefined && nodeFace(node).supplies.some((port) => port.name === end.handle)
}

/** Right of an outcome, level with it; left of a way in; below a supply. */
function besideEnd(flow: Flow, end: WireEnd): [number, number] {
  const [x = 0, y = 0] = flow.layout?.nodes?.[end.node] ?? []
  const geometry = geometriesOf(flow).get(end.node)
  if (isSupplyOf(flow, end))
    return freePlace(flow, { x, y: y + (geometry?.height ?? 0) + growthOf(flow, end.node) + belowGap }, 'right')
  if (end.type === 'target') return freePlace(flow, { x: x - cardWidth - besideGap, y })
  const handle = geometry?.handles.find((candidate) => candidate.type === 'source' && candidate.id === end.handle)
  const fromTop = handle?.side === 'right' ? Math.max(0, handle.y - handleY) : 0
  return freePlace(flow, { x: x + cardWidth + besideGap, y: y + fromTop })
}

/** Where a new node lies: where it was asked for, beside what it is wired to, or in the middle of the view. */
export function placeFor(flow: Flow, request: AddRequest, middle: Point): [number, number] {
  const { at, from } = request
  if (at && from && isSupplyOf(flow, from)) return freePlace(flow, { x: at.x - cardWidth / 2, y: at.y }, 'right')
  if (at && from?.type === 'target') return freePlace(flow, { x: at.x - cardWidth, y: at.y - handleY })
  if (at && from) return freePlace(flow, { x: at.x, y: at.y - handleY })
  if (at) return freePlace(flow, { x: at.x - cardWidth / 2, y: at.y - handleY })
  if (from) return besideEnd(flow, from)
  return freePlace(flow, { x: middle.x - cardWidth / 2, y: middle.y - handleY })
}
