import { Position } from '@xyflow/react'
import { describe, expect, it } from 'vitest'
import { wirePath } from './wirePath.ts'

function ends(sourceX: number, sourceY: number, targetX: number, targetY: number) {
  return { sourceX, sourceY, targetX, targetY, sourcePosition: Position.Right, targetPosition: Position.Left }
}

function shape(...places: Parameters<typeof ends>) {
  return wirePath(ends(...places))
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

  it('leads back in the lane that it is given', () => {
    expect(wirePath(ends(500, 0, 0, 400), 200)).toMatchObject({ x: 250, y: 200 })
  })

  it('runs level when it is long, and bends at its end', () => {
    expect(shape(0, 0, 1000, 100).path).toBe('M0,0 H850 C925,0 925,100 1000,100')
  })
})
