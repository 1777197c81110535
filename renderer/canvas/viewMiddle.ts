import type { Point } from './canvasStore.ts'

let toCanvas: ((screen: Point) => Point) | undefined

/** The canvas that is shown says how pixels of the window become canvas units; the result takes that back. */
export function offerView(screenToFlowPosition: (screen: Point) => Point): () => void {
  toCanvas = screenToFlowPosition
  return () => {
    if (toCanvas === screenToFlowPosition) toCanvas = undefined
  }
}

/** The middle of the view, in pixels of the window and in canvas units. */
export function viewMiddle(): { readonly screen: Point; readonly at: Point } {
  const box = document.querySelector('.react-flow')?.getBoundingClientRect()
  const screen = box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : { x: 0, y: 0 }
  return { screen, at: toCanvas?.(screen) ?? { x: 0, y: 0 } }
}
