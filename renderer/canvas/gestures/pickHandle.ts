import type { CardHandle } from '../cardGeometry.ts'
import { openAddFrom } from './openAdd.ts'

const offset = 16

/** A handle was clicked: the search list opens beside it. */
export function pickHandle(node: string, handle: CardHandle): void {
  const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`)
  const place = card
    ?.querySelector(`[data-handle="${CSS.escape(`${handle.type}:${handle.id}`)}"]`)
    ?.getBoundingClientRect()
  const screen = place ? { x: place.right + offset, y: place.top - offset } : { x: 0, y: 0 }
  openAddFrom({ node, handle: handle.id, type: handle.type }, screen)
}
