import { formatEdge } from '../../model/edges.ts'
import type { FlowNode } from '../../model/document.ts'
import type { LoopForest } from './loops.ts'
import type { PlannedNode, ScopeMachine, ScopeTokens } from './machine.ts'
import { maxVisitsOf } from './planPolicy.ts'
import type { Scope } from './scopes.ts'

/** The state in which a scope has ended; no node can be called so. */
export const endState = '(end)'
/** The state in which a scope's nodes run by in-degree counts. */
export const dataflowState = '(dataflow)'

/** Writes a scope's machine. */
export function scopeMachine(scope: Scope, forest: LoopForest, id: string, nodes: Readonly<Record<string, FlowNode>>, plans: ReadonlyMap<string, PlannedNode>): ScopeMachine {
  const tokens = scopeTokens(scope, forest, nodes, plans)
  return {
    id,
    initial: dataflowState,
    states: {
      [dataflowState]: {
        entry: 'begin',
        on: { 'NODE.DONE': { actions: 'settle' }, 'SCOPE.DONE': { target: endState } },
        meta: { nodes: tokens.nodes },
      },
      [endState]: { type: 'final' },
    },
    meta: { tokens },
  } as unknown as ScopeMachine
}

function scopeTokens({ graph }: Scope, forest: LoopForest, nodes: Readonly<Record<string, FlowNode>>, plans: ReadonlyMap<string, PlannedNode>): ScopeTokens {
  const idOf = (node: number): string => graph.ids[node] ?? ''
  const unreachable = graph.ids.filter((_, node) => !graph.isReachable[node])
  const any = graph.ids.filter((id) => nodes[id]?.policy?.join === 'any')
  const returns = graph.ids.filter((id) => plans.get(id)?.role?.type === 'return')
  const loops = forest.loops.map(({ header, parent, members }) => {
    const outer = forest.loops[parent]
    return {
      header: idOf(header),
      ...(outer && { within: idOf(outer.header) }),
      nodes: members.map(idOf),
      maxVisits: maxVisitsOf(nodes[idOf(header)]),
    }
  })
  return {
    nodes: graph.ids,
    entries: graph.entries.map(idOf),
    ...(unreachable.length > 0 && { unreachable }),
    edges: graph.edges.map(({ edge }) => formatEdge(edge)),
    ...(any.length > 0 && { any }),
    ...(returns.length > 0 && { returns }),
    ...(loops.length > 0 && { loops }),
  }
}
