import { Position } from '@xyflow/react'
import { describe, expect, it } from 'vitest'
import { wirePath } from './wirePath.ts'

function shape(sourceX: number, sourceY: number, targetX: number, targetY: number) {
  return wirePath({ sourceX, sourceY, targetX, targetY, sourcePosition: Position.Right, targetPosition: Position.Left })
}

describe('wirePath', () => {
  it('curves forward between the ends', () => {
    const { path, x, y } = shape(0, 0, 100, 40)
    expect(path).toMatch(/^M0,0 C/)
    expect([x, y]).toEqual([50, 20])
  })

  it('leads back above both cards, where they do not grow', () => {
    const { path, y } = shape(500, 100, 0, 120)
    expect(path).toMatch(/^M500,100 H/)
    expect(path).toMatch(/H0$/)
    expect(y).toBeLessThan(100)
  })

  it('leads back between cards of which one lies well below the other', () => {
    expect(shape(500, 0, 0, 400).y).toBe(200)
  })
})
