import type { Diagnostic } from '../../model/diagnostics.ts'
import { type Edge, formatEdge, sortEdges } from '../../model/edges.ts'
import { useDocuments, activeDocument } from '../state/documentStore.ts'
import { useSelection } from '../state/selectionStore.ts'
import type { CardProblems } from './CardView.tsx'

interface ProblemIndex {
  readonly byNode: ReadonlyMap<string, CardProblems>
  readonly byEdge: ReadonlyMap<string, CardProblems>
}

const indexes = new WeakMap<readonly Diagnostic[], ProblemIndex>()

function added(known: CardProblems | undefined, problem: Diagnostic): CardProblems {
  const error = problem.severity === 'error'
  return {
    errors: (known?.errors ?? 0) + (error ? 1 : 0),
    warnings: (known?.warnings ?? 0) + (error ? 0 : 1),
    text: known ? `${known.text}\n${problem.message}` : problem.message,
  }
}

/** Problems by what they concern; kept per list of problems, which is replaced as a whole. */
export function problemIndex(diagnostics: readonly Diagnostic[]): ProblemIndex {
  const known = indexes.get(diagnostics)
  if (known) return known
  const byNode = new Map<string, CardProblems>()
  const byEdge = new Map<string, CardProblems>()
  for (const problem of diagnostics) {
    if (problem.severity === 'info') continue
    const edge = /^edges\[(\d+)\]/.exec(problem.field ?? '')?.[1]
    if (edge !== undefined) byEdge.set(edge, added(byEdge.get(edge), problem))
    else if (problem.node !== undefined) byNode.set(problem.node, added(byNode.get(problem.node), problem))
  }
  const index = { byNode, byEdge }
  indexes.set(diagnostics, index)
  return index
}

/** The problems of one node of the active document. */
export function useNodeProblems(node: string): CardProblems | undefined {
  return useDocuments((state) => {
    const document = activeDocument(state)
    return document && problemIndex(document.diagnostics).byNode.get(node)
  })
}

const edgeNumbers = new WeakMap<readonly Edge[], ReadonlyMap<string, number>>()

/** Numbers by which problems name edges: those of the file, where edges stand sorted. */
function numbersOf(edges: readonly Edge[]): ReadonlyMap<string, number> {
  const known = edgeNumbers.get(edges)
  if (known) return known
  const numbers = new Map(sortEdges(edges).map((edge, index) => [formatEdge(edge), index]))
  edgeNumbers.set(edges, numbers)
  return numbers
}

/** The problems of one edge of the active document, named by its text. */
export function useEdgeProblems(edge: string): CardProblems | undefined {
  return useDocuments((state) => {
    const document = activeDocument(state)
    if (!document || document.diagnostics.length === 0) return undefined
    return problemIndex(document.diagnostics).byEdge.get(String(numbersOf(document.flow.edges).get(edge)))
  })
}

const paths = new WeakMap<readonly Diagnostic[], Map<string, ReadonlySet<string>>>()

/** The steps of a counterexample as `from>to`, whatever ports it names. */
function stepsOf(path: readonly string[]): string[] {
  const ids = path.map((step) => step.split(':')[0] ?? step)
  return ids.slice(1).map((to, index) => `${ids[index] ?? ''}>${to}`)
}

function problemSteps(diagnostics: readonly Diagnostic[], node: string): ReadonlySet<string> {
  const byNode = paths.get(diagnostics) ?? new Map<string, ReadonlySet<string>>()
  paths.set(diagnostics, byNode)
  const known = byNode.get(node)
  if (known) return known
  const steps = new Set(
    diagnostics.filter((problem) => problem.node === node).flatMap((problem) => stepsOf(problem.path ?? [])),
  )
  byNode.set(node, steps)
  return steps
}

/** Whether an edge lies on the path by which a problem of the selected node comes about. */
export function useOnProblemPath(edge: Edge | undefined): boolean {
  const node = useSelection((state) => state.focusNode)
  return useDocuments((state) => {
    const document = activeDocument(state)
    if (!document || !edge || node === undefined || document.diagnostics.length === 0) return false
    return problemSteps(document.diagnostics, node).has(`${edge.from}>${edge.to}`)
  })
}
