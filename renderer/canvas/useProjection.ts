import { useMemo, useState } from 'react'
import { shallow } from 'zustand/shallow'
import { useStoreWithEqualityFn } from 'zustand/traditional'
import type { Flow } from '../../model/document.ts'
import { nodeIdOf } from '../../model/nodePath.ts'
import { cardBodies } from '../kinds.ts'
import { useDocuments } from '../state/documentStore.ts'
import { runStore } from '../state/runStore.ts'
import { useSelection } from '../state/selectionStore.ts'
import { shownRun, useRunShown } from '../state/useNodeRun.ts'
import { useCanvas } from './canvasStore.ts'
import type { CanvasNode, WireEdge } from './canvasTypes.ts'
import { cardWidth, streamBoxHeight } from './cardGeometry.ts'
import { growthOf, laidOut } from './laidOut.ts'
import { FlowProjection, geometriesOf } from './projectFlow.ts'

const noStreams: readonly string[] = []

/** Paths of the nodes that have streamed text in the run shown. The list changes when a node begins to stream. */
function useStreaming(): readonly string[] {
  const path = useDocuments((state) => state.active)
  return useStoreWithEqualityFn(
    runStore,
    (state) => {
      const run = shownRun(state, path)
      if (!run || state.past) return noStreams
      return Object.keys(run.streams).filter((node) => run.streams[node]?.text !== '')
    },
    shallow,
  )
}

function useBodyHeights(flow: Flow): ReadonlyMap<string, number> {
  const streaming = useStreaming()
  return useMemo(() => {
    const heights = new Map<string, number>()
    if (cardBodies.size > 0) {
      for (const [id, node] of Object.entries(flow.nodes))
        if (cardBodies.has(node.kind)) heights.set(id, streamBoxHeight)
    }
    const ids = new Set(streaming.map(nodeIdOf))
    const hasRoom = ids.size === 0 ? () => true : roomFinder(flow)
    for (const id of ids) if (hasRoom(id)) heights.set(id, streamBoxHeight)
    return heights
  }, [flow, streaming])
}

/** Tells of a node whether its card can grow downwards by all that a run may add without lying on another. */
function roomFinder(flow: Flow): (id: string) => boolean {
  const geometries = geometriesOf(flow)
  const places = laidOut(flow).layout?.nodes ?? {}
  return (id) => {
    const [x = 0, y = 0] = places[id] ?? []
    const bottom = y + (geometries.get(id)?.height ?? 0)
    return !Object.entries(places).some(([other, [left = 0, top = 0]]) => {
      return other !== id && Math.abs(left - x) < cardWidth && top >= bottom && top < bottom + growthOf(flow, id)
    })
  }
}

/** What the canvas draws of a flow: computed anew when flow, selection or the shape of the run's view change. */
export function useProjection(flow: Flow): { readonly nodes: readonly CanvasNode[]; readonly edges: WireEdge[] } {
  const [projection] = useState(() => new FlowProjection())
  const nodes = useSelection((state) => state.nodes)
  const edges = useSelection((state) => state.edges)
  const notes = useSelection((state) => state.notes)
  const unfolded = useCanvas((state) => state.unfolded)
  const fontGeneration = useCanvas((state) => state.fontGeneration)
  const stateShown = useRunShown()
  const bodyHeights = useBodyHeights(flow)
  return useMemo(() => {
    const view = { selection: { nodes, edges, notes }, stateShown, bodyHeights, unfolded, fontGeneration }
    const placed = laidOut(flow)
    return { nodes: projection.nodes(placed, view), edges: projection.edges(placed, view) }
  }, [projection, flow, nodes, edges, notes, stateShown, bodyHeights, unfolded, fontGeneration])
}
