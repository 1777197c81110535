import type { Flow } from '../../model/document.ts'
import { forwardEdges, layersOf } from './layout/layers.ts'

const known = new WeakMap<Flow['edges'], { readonly written: readonly string[]; readonly ids: readonly string[] }>()

function ordered(flow: Flow, ids: readonly string[]): readonly string[] {
  const index = new Map(ids.map((id, number) => [id, number]))
  const edges = flow.edges.flatMap(({ from, to }): [number, number][] => {
    const [a, b] = [index.get(from), index.get(to)]
    return a === undefined || b === undefined || a === b ? [] : [[a, b]]
  })
  const layer = layersOf(ids.length, forwardEdges({ count: ids.length, edges }))
  return ids
    .map((id, number) => ({ id, number }))
    .sort((a, b) => (layer[a.number] ?? 0) - (layer[b.number] ?? 0) || a.number - b.number)
    .map(({ id }) => id)
}

/** Ids of a flow's nodes in the order in which a run passes them, file order among equals: the order of the Tab key. */
export function graphOrder(flow: Flow): readonly string[] {
  const written = Object.keys(flow.nodes)
  const done = known.get(flow.edges)
  if (done?.written.length === written.length && written.every((id, index) => id === done.written[index]))
    return done.ids
  const ids = ordered(flow, written)
  known.set(flow.edges, { written, ids })
  return ids
}
