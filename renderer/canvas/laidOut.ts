import type { Flow } from '../../model/document.ts'
import { type CardGeometry, stateRowHeight, streamBoxHeight } from './cardGeometry.ts'
import { nodeFace } from './nodeFace.ts'
import { moveNodes } from '../../model/edits/nodes.ts'
import { layeredLayout, type Positions } from './layout/layeredLayout.ts'
import { geometriesOf } from './projectFlow.ts'
import { isSupplyEdge } from './wiring.ts'

const known = new WeakMap<Flow, Flow>()
const gap = 80

/** What a card may grow by while it runs: its row of state, and the text that it streams. */
export function growthOf(flow: Flow, id: string): number {
  const node = flow.nodes[id]
  return stateRowHeight + (node && nodeFace(node).streams ? streamBoxHeight : 0)
}

function layoutOf(flow: Flow, ids: readonly string[], geometries: ReadonlyMap<string, CardGeometry>): Positions {
  const nodes = ids.flatMap((id) => {
    const geometry = geometries.get(id)
    return geometry ? [{ id, width: geometry.width, height: geometry.height, growth: growthOf(flow, id) }] : []
  })
  const supplies = flow.edges.filter((edge) => isSupplyEdge(flow, edge))
  const edges = flow.edges.filter((edge) => !isSupplyEdge(flow, edge))
  return layeredLayout({ nodes, edges, supplies })
}

function placed(places: Positions, dx: number, dy: number): Record<string, readonly number[]> {
  return Object.fromEntries([...places].map(([id, [x, y]]) => [id, [x + dx, y + dy]]))
}

function topOf(places: Positions): number {
  return [...places.values()].reduce((top, [, y]) => Math.min(top, y), Infinity)
}

function bottomOf(flow: Flow, geometries: ReadonlyMap<string, CardGeometry>): number {
  const bottoms = Object.entries(flow.layout?.nodes ?? {}).map(
    ([id, at]) => (at[1] ?? 0) + (at[3] ?? geometries.get(id)?.height ?? 0),
  )
  return bottoms.reduce((lowest, bottom) => Math.max(lowest, bottom), -Infinity)
}

/**
 * The flow with a place for every node: nodes that the file gives none are laid out, below those that have one. The
 * file itself stays as it is until something is moved.
 */
export function laidOut(flow: Flow): Flow {
  const done = known.get(flow)
  if (done) return done
  const missing = Object.keys(flow.nodes).filter((id) => !flow.layout?.nodes?.[id])
  if (missing.length === 0) return flow
  const geometries = geometriesOf(flow)
  const places = layoutOf(flow, missing, geometries)
  const top = missing.length === Object.keys(flow.nodes).length ? 0 : bottomOf(flow, geometries) + gap
  const laid = moveNodes(flow, placed(places, 0, top - topOf(places)))
  known.set(flow, laid)
  known.set(laid, laid)
  return laid
}

/** Lays nodes out anew: all of them, or those given, which then stay where they were as a whole. */
export function tidied(flow: Flow, only?: ReadonlySet<string>): Flow {
  const whole = laidOut(flow)
  const ids = Object.keys(flow.nodes).filter((id) => only === undefined || only.has(id))
  const places = layoutOf(whole, ids, geometriesOf(whole))
  if (only === undefined || places.size === 0) return moveNodes(whole, placed(places, 0, 0))
  const before = ids.map((id) => whole.layout?.nodes?.[id] ?? [0, 0])
  const left = Math.min(...before.map((at) => at[0] ?? 0))
  const top = Math.min(...before.map((at) => at[1] ?? 0))
  const laidTop = topOf(places)
  return moveNodes(whole, placed(places, left, top - laidTop))
}
