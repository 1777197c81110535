import { formatEdge } from '../../model/edges.ts'
import { ErrorBoundary } from '../shell/ErrorBoundary.tsx'
import { useActiveDocument } from '../state/documentStore.ts'
import { useSelection } from '../state/selectionStore.ts'
import { EdgeInspector } from './EdgeInspector.tsx'
import { FlowInspector } from './FlowInspector.tsx'
import styles from './Inspector.module.css'
import { NodeInspector } from './NodeInspector.tsx'
import { SelectionInspector } from './SelectionInspector.tsx'

/** The right panel: settings of what is selected, of the flow where nothing is. */
export function Inspector() {
  const path = useActiveDocument((document) => document.path)
  return (
    <aside className={styles['inspector']} aria-label="Inspector" data-panel="inspector" tabIndex={-1}>
      <ErrorBoundary key={path} what="The inspector">
        <Selected />
      </ErrorBoundary>
    </aside>
  )
}

function Selected() {
  const nodes = useSelection((state) => state.nodes)
  const edges = useSelection((state) => state.edges)
  const flow = useActiveDocument((document) => document.flow)
  const ids = [...nodes].filter((id) => flow?.nodes[id] !== undefined)
  const [id] = ids
  if (ids.length > 1) return <SelectionInspector ids={ids} />
  const node = id === undefined ? undefined : flow?.nodes[id]
  if (id !== undefined && node) return <NodeInspector id={id} node={node} />
  const edge = edges.size === 1 ? flow?.edges.find((candidate) => edges.has(formatEdge(candidate))) : undefined
  return edge ? <EdgeInspector edge={edge} /> : <FlowInspector />
}
