import { describe, expect, it } from 'vitest'
import type { CanvasNode } from './canvasTypes.ts'
import { openingView } from './openingView.ts'

function note(x: number, y: number): CanvasNode {
  return {
    id: `${x} ${y}`,
    type: 'note',
    position: { x, y },
    width: 240,
    height: 56,
    data: { noteId: 'n', note: { text: '', at: [x, y] } },
  }
}

describe('openingView', () => {
  it('shows a small flow in the middle, at its own size', () => {
    const { x, y, zoom } = openingView([note(0, 0)], 1000, 600)
    expect(zoom).toBe(1)
    expect([x, y]).toEqual([380, 272])
  })

  it('shows the beginning of a long flow at a size that can be read', () => {
    const { x, zoom } = openingView([note(100, 0), note(9000, 0)], 1000, 600)
    expect(zoom).toBeGreaterThan(0.8)
    expect(100 * zoom + x).toBe(64)
  })

  it('stands for nothing at all', () => {
    expect(openingView([], 1000, 600)).toEqual({ x: 0, y: 0, zoom: 1 })
  })
})
