import { CircleAlert, CircleCheck, Info, TriangleAlert, Waypoints } from 'lucide-react'
import { diagnosticCodes, type Diagnostic } from '../../model/diagnostics.ts'
import type { Flow } from '../../model/document.ts'
import { formatEdge } from '../../model/edges.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { Button } from '../controls/Button.tsx'
import { EmptyState } from '../controls/EmptyState.tsx'
import { viewStore } from '../shell/viewStore.ts'
import { useActiveDocument } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import styles from './ProblemsList.module.css'
import { edgesOnPath } from './problemPath.ts'

const order = { error: 0, warning: 1, info: 2 } as const

/** What verification found; a click leads to the node and the field. */
export function ProblemsList() {
  const diagnostics = useActiveDocument((document) => document.diagnostics) ?? []
  const flow = useActiveDocument((document) => document.flow)
  if (!flow) return null
  if (diagnostics.length === 0) {
    return (
      <EmptyState icon={<CircleCheck size={22} />} title="No problems">
        The flow is verified after every edit: joins that could hang, values that may be missing, loops without exit
        would stand here.
      </EmptyState>
    )
  }
  return (
    <ul className={styles['list']}>
      {diagnostics
        .toSorted((a, b) => order[a.severity] - order[b.severity])
        .map((problem, index) => (
          <Problem key={index} problem={problem} flow={flow} />
        ))}
    </ul>
  )
}

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info } as const

function Problem({ problem, flow }: { readonly problem: Diagnostic; readonly flow: Flow }) {
  const Icon = icons[problem.severity]
  const { path } = problem
  return (
    <li className={styles['problem']} data-severity={problem.severity}>
      <button type="button" className={styles['main']} onClick={() => goTo(problem, flow)}>
        <Icon size={16} aria-label={problem.severity} />
        <span className={styles['words']}>
          <span className={styles['message']}>{problem.message}</span>
          <span className={styles['help']}>
            <Place problem={problem} flow={flow} />
            {diagnosticCodes[problem.code][1]}
          </span>
        </span>
        <code className={styles['code']}>{problem.code}</code>
      </button>
      {path && path.length > 1 && (
        <div className={styles['path']}>
          <span>{path.map((step) => labelOf(flow, step)).join(' → ')}</span>
          <Button look="plain" size="s" onClick={() => showPath(flow, path)}>
            <Waypoints size={13} />
            Show path
          </Button>
        </div>
      )}
    </li>
  )
}

function Place({ problem, flow }: { readonly problem: Diagnostic; readonly flow: Flow }) {
  if (problem.node === undefined) return null
  const field = problem.field?.replace(/^(data|policy)\./, '')
  return (
    <strong>
      {labelOf(flow, problem.node)}
      {field === undefined ? '' : `, ${field}`}:{' '}
    </strong>
  )
}

function labelOf(flow: Flow, step: string): string {
  const [id = step, port] = step.split(':')
  const node = flow.nodes[id]
  const label = node ? nodeFace(node).title : id
  return port === undefined ? label : `${label} (${port})`
}

function goTo(problem: Diagnostic, flow: Flow): void {
  const { reveal, select } = selectionStore.getState()
  const edge = /^edges\[(\d+)\]/.exec(problem.field ?? '')?.[1]
  const found = edge === undefined ? undefined : flow.edges[Number(edge)]
  if (problem.node !== undefined) {
    viewStore.setState({ rightOpen: true })
    reveal(problem.node, problem.field)
  }
  if (found) select({ edges: [formatEdge(found)] })
}

/** Draws the path by selecting it: its nodes and the edges between them. */
function showPath(flow: Flow, path: readonly string[]): void {
  const nodes = path.map((step) => step.split(':')[0] ?? step)
  const last = nodes.at(-1)
  if (last !== undefined) selectionStore.getState().reveal(last)
  selectionStore.getState().select({ nodes, edges: edgesOnPath(flow, path) })
}
