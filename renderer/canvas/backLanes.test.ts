import { Position } from '@xyflow/react'
import { describe, expect, it } from 'vitest'
import type { CardNode } from './canvasTypes.ts'
import { backLanes } from './backLanes.ts'
import { cardGeometry } from './cardGeometry.ts'
import { nodeFace } from './nodeFace.ts'

const edge = { id: 'b -> a', source: 'b', sourceHandle: 'out', target: 'a', targetHandle: 'in' }

function cards(places: Readonly<Record<string, readonly [number, number]>>): ReadonlyMap<string, CardNode> {
  const node = { kind: 'log' }
  const face = nodeFace(node)
  const geometry = cardGeometry({
    ...face,
    label: 'x',
    errorWired: false,
    supplier: false,
    stateShown: false,
    bodyHeight: 0,
    unfolded: false,
  })
  const size = { x: 0, y: 28, width: 0, height: 0 }
  return new Map(
    Object.entries(places).map(([id, [x, y]]) => [
      id,
      {
        id,
        type: 'card',
        position: { x, y },
        width: 240,
        height: 56,
        handles: [
          { ...size, id: 'in', type: 'target', position: Position.Left },
          { ...size, id: 'out', type: 'source', position: Position.Right, x: 240 },
        ],
        data: { node, face, geometry },
      },
    ]),
  )
}

describe('backLanes', () => {
  it('leads above both cards where nothing stands there', () => {
    expect(backLanes([edge], cards({ a: [0, 0], b: [400, 0] })).get(edge.id)).toBeLessThan(0)
  })

  it('leads below where a card stands above', () => {
    const lane = backLanes([edge], cards({ a: [0, 0], b: [400, 0], above: [200, -90] })).get(edge.id)
    expect(lane).toBeGreaterThan(56)
  })

  it('leads round everything where both ways are taken', () => {
    const lane =
      backLanes([edge], cards({ a: [0, 0], b: [400, 0], above: [200, -90], below: [200, 90] })).get(edge.id) ?? 0
    expect(lane < -90 || lane > 90 + 56).toBe(true)
  })

  it('has nothing to say of an edge that leads forward', () => {
    expect(backLanes([edge], cards({ a: [400, 0], b: [0, 0] })).size).toBe(0)
  })
})
