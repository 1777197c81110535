import type { Viewport } from '@xyflow/react'
import type { CanvasNode } from './canvasTypes.ts'

const margin = 64
const readable = 0.85
const plain: Viewport = { x: 0, y: 0, zoom: 1 }

/** Where each document was left, for as long as the window lives. */
const views = new Map<string, Viewport>()

/** Remembers the view of a document. */
export function leaveView(path: string, viewport: Viewport): void {
  views.set(path, viewport)
}

/** The view in which a document was left. */
export function leftView(path: string): Viewport | undefined {
  return views.get(path)
}

interface Extent {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

function extentOf(nodes: readonly CanvasNode[]): Extent {
  return nodes.reduce<Extent>(
    (extent, { position: { x, y }, width = 0, height = 0 }) => ({
      left: Math.min(extent.left, x),
      top: Math.min(extent.top, y),
      right: Math.max(extent.right, x + width),
      bottom: Math.max(extent.bottom, y + height),
    }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  )
}

/** Offset that centres a span, or shows its beginning where it is longer than the room. */
function offset(from: number, to: number, room: number, zoom: number): number {
  const size = (to - from) * zoom
  return size + 2 * margin <= room ? (room - size) / 2 - from * zoom : margin - from * zoom
}

/** How a document is seen first: all of it where that can be read, else its beginning at a size that can. */
export function openingView(nodes: readonly CanvasNode[], width: number, height: number): Viewport {
  if (nodes.length === 0 || width === 0) return plain
  const { left, top, right, bottom } = extentOf(nodes)
  const fitting = Math.min((width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top))
  const zoom = Math.min(1, Math.max(readable, fitting))
  return { x: offset(left, right, width, zoom), y: offset(top, bottom, height, zoom), zoom }
}
