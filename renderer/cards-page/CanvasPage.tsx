import { useEffect } from 'react'
import { type Flow, flowFormat, type FlowNode } from '../../model/document.ts'
import { defaultInPort, defaultOutPort, type Edge } from '../../model/edges.ts'
import { FlowCanvas } from '../canvas/FlowCanvas.tsx'
import { registerCommands } from '../keymap/commands.ts'
import { LibraryPanel } from '../palette/LibraryPanel.tsx'
import { documentStore } from '../state/documentStore.ts'
import styles from './CanvasPage.module.css'

const columns = 50
const stepX = 320
const stepY = 140

/** A flow of a start and rows of `set` nodes, each row a chain. */
export function madeUpFlow(count: number): Flow {
  const nodes: Record<string, FlowNode> = {}
  const places: Record<string, readonly number[]> = {}
  const edges: Edge[] = []
  for (let index = 0; index < count; index += 1) {
    const id = `node${index}`
    nodes[id] = index === 0 ? { kind: 'start' } : { kind: 'set', label: `Step ${index}`, data: { values: { index } } }
    places[id] = [(index % columns) * stepX, Math.floor(index / columns) * stepY]
    if (index > 0) edges.push({ from: `node${index - 1}`, fromPort: defaultOutPort, to: id, toPort: defaultInPort })
  }
  return { format: flowFormat, name: 'Made up', nodes, edges, layout: { nodes: places } }
}

/** A canvas and the library without an engine: to try gestures, and to measure drawing. */
export function CanvasPage({ nodes }: { readonly nodes: number }) {
  useEffect(() => {
    const { undo, redo } = documentStore.getState()
    return registerCommands({ 'edit.undo': { run: undo }, 'edit.redo': { run: redo } })
  }, [])
  useEffect(() => {
    performance.mark('open')
    documentStore.getState().open('made-up.flow.json', madeUpFlow(nodes), { hash: null })
    requestAnimationFrame(() => {
      setTimeout(() => {
        performance.measure('open', 'open')
      }, 0)
    })
  }, [nodes])
  return (
    <div className={styles['page']}>
      <aside>
        <LibraryPanel />
      </aside>
      <main>
        <FlowCanvas />
      </main>
    </div>
  )
}
