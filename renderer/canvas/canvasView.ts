import type { ReactFlowInstance } from '@xyflow/react'
import type { Point } from './canvasStore.ts'
import type { CanvasNode, WireEdge } from './canvasTypes.ts'
import { motionMs } from './motion.ts'

type View = ReactFlowInstance<CanvasNode, WireEdge>

const panMs = 160
const margin = 48

let current: View | undefined

/** The canvas that is shown lends its view to those who work on it from outside; the result takes it back. */
export function offerView(view: View): () => void {
  current = view
  return () => {
    if (current === view) current = undefined
  }
}

/** Where the canvas lies in the window. */
function paneBox(): DOMRect {
  return document.querySelector('.react-flow')?.getBoundingClientRect() ?? new DOMRect()
}

/** The middle of the view, in pixels of the window and in canvas units. */
export function viewMiddle(): { readonly screen: Point; readonly at: Point } {
  const box = paneBox()
  const screen = { x: box.left + box.width / 2, y: box.top + box.height / 2 }
  return { screen, at: current?.screenToFlowPosition(screen) ?? { x: 0, y: 0 } }
}

/** A point of the window in canvas units. */
export function canvasPoint(screen: Point): Point {
  return current?.screenToFlowPosition({ ...screen }) ?? { x: 0, y: 0 }
}

/** The part of the canvas that is seen, in canvas units; undefined while no canvas is shown. */
export function seenPart():
  { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } | undefined {
  const box = paneBox()
  const start = current?.screenToFlowPosition({ x: box.left, y: box.top })
  const end = current?.screenToFlowPosition({ x: box.right, y: box.bottom })
  return start && end && { left: start.x, top: start.y, right: end.x, bottom: end.y }
}

/** How far a span must move so that it lies between two borders; its beginning counts where it is too long. */
function shift(from: number, to: number, low: number, high: number): number {
  if (from < low || to - from > high - low) return low - from
  return to > high ? high - to : 0
}

function panTo(view: View, node: CanvasNode): void {
  const box = paneBox()
  const zoom = view.getZoom()
  const { x, y } = view.flowToScreenPosition(node.position)
  const dx = shift(x, x + (node.width ?? 0) * zoom, box.left + margin, box.right - margin)
  const dy = shift(y, y + (node.height ?? 0) * zoom, box.top + margin, box.bottom - margin)
  if (dx === 0 && dy === 0) return
  const viewport = view.getViewport()
  void view.setViewport({ x: viewport.x + dx, y: viewport.y + dy, zoom }, { duration: motionMs(panMs) })
}

/** Moves the view only as far as it must so that a node is seen; one that was just added is waited for. */
export function showNode(id: string): void {
  requestAnimationFrame(() => {
    const node = current?.getNode(id)
    if (current && node) panTo(current, node)
  })
}
