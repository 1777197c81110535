import { Spline, Trash2 } from 'lucide-react'
import { formatEdge, type Edge } from '../../model/edges.ts'
import { disconnect } from '../../model/edits/edges.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { Button } from '../controls/Button.tsx'
import { documentStore, useActiveDocument } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { FieldRow } from './FieldRow.tsx'
import styles from './Inspector.module.css'

/** One edge: what it joins, what is wrong with it, and how to be rid of it. */
export function EdgeInspector({ edge }: { readonly edge: Edge }) {
  const text = formatEdge(edge)
  const index =
    useActiveDocument((document) => document.flow.edges.findIndex((other) => formatEdge(other) === text)) ?? -1
  const diagnostics = useActiveDocument((document) => document.diagnostics) ?? []
  const problems = diagnostics.filter((problem) => problem.field?.startsWith(`edges[${index}]`) === true)
  const remove = () => {
    documentStore.getState().edit('Delete edge', (flow) => disconnect(flow, edge))
    selectionStore.getState().clear()
  }
  return (
    <>
      <header className={styles['header']}>
        <span className={styles['tile']}>
          <Spline size={17} />
        </span>
        <div className={styles['names']}>
          <strong>Edge</strong>
          <div className={styles['kind']}>
            <code>{text}</code>
          </div>
        </div>
      </header>
      <div className={styles['scroll']}>
        <div className={styles['fields']}>
          <dl className={styles['ends']}>
            <End title="From" node={edge.from} port={edge.fromPort} />
            <End title="To" node={edge.to} port={edge.toPort} />
          </dl>
          {problems.length > 0 && (
            <FieldRow id="edge" label="Problems" path={`edges[${index}]`} problems={problems}>
              {null}
            </FieldRow>
          )}
          <div className={styles['actions']}>
            <Button look="danger" size="s" onClick={remove}>
              <Trash2 size={13} />
              Delete edge
            </Button>
          </div>
        </div>
      </div>
    </>
  )
}

function End({ title, node, port }: { readonly title: string; readonly node: string; readonly port: string }) {
  const label = useActiveDocument((document) => {
    const found = document.flow.nodes[node]
    return found && nodeFace(found).title
  })
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <button type="button" onClick={() => selectionStore.getState().reveal(node)}>
          {label ?? node}
        </button>{' '}
        <code>{port}</code>
      </dd>
    </>
  )
}
