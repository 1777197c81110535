import type { Diagnostic } from '../../model/diagnostics.ts'
import { useDocuments, activeDocument } from '../state/documentStore.ts'
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
