import type { Flow } from '../../model/document.ts'
import { formatEdge } from '../../model/edges.ts'

/** The edges, as texts, that lead from each step of a counterexample to the next. A step is `id` or `id:port`. */
export function edgesOnPath(flow: Flow, path: readonly string[]): string[] {
  return path.slice(1).flatMap((step, index) => {
    const [from, port] = (path[index] ?? '').split(':')
    const to = step.split(':')[0]
    return flow.edges
      .filter((edge) => edge.from === from && edge.to === to && (port === undefined || edge.fromPort === port))
      .map(formatEdge)
  })
}
