import { useReactFlow } from '@xyflow/react'
import { useEffect } from 'react'
import { documentStore } from '../../state/documentStore.ts'
import { selectionStore, useSelection } from '../../state/selectionStore.ts'
import { formatEdge } from '../../../model/edges.ts'
import { motionMs } from '../motion.ts'

const shortMs = 200

/** Brings a node into view when something asks to see it, and forgets selected things that are gone. */
export function useReveal(): void {
  const { getNode, setCenter, getZoom } = useReactFlow()
  const revealed = useSelection((state) => state.revealed)
  useEffect(() => {
    if (!revealed) return
    const node = getNode(revealed.node)
    if (!node) return
    const { width = 0, height = 0, position } = node
    void setCenter(position.x + width / 2, position.y + height / 2, {
      zoom: Math.max(getZoom(), 0.7),
      duration: motionMs(shortMs),
    })
  }, [revealed, getNode, setCenter, getZoom])
  useEffect(() => {
    return documentStore.subscribe((state, before) => {
      const flow = state.active === undefined ? undefined : state.documents[state.active]?.flow
      const old = before.active === undefined ? undefined : before.documents[before.active]?.flow
      if (flow === old) return
      const edges = flow?.edges === old?.edges ? undefined : new Set(flow?.edges.map(formatEdge))
      selectionStore.getState().retain({
        node: (id) => flow?.nodes[id] !== undefined,
        edge: (id) => edges?.has(id) ?? true,
        note: (id) => flow?.layout?.notes?.[id] !== undefined,
      })
    })
  }, [])
}
