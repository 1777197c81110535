import { type Edge, errorPort } from '../../model/edges.ts'
import type { NodeState, RunState } from '../../model/runState.ts'
import { useDocuments } from './documentStore.ts'
import type { NodeRunView, NodeStatus } from './nodeRun.ts'
import { type NodeStream, type OpenRun, type RunStoreState, useRuns } from './runStore.ts'

const idle: NodeRunView = { status: 'idle' }
const views = new WeakMap<NodeState, NodeRunView>()

/** What a run says about an edge: its token passed, is being worked on behind it, or will not come. */
export type EdgeRun = 'taken' | 'active' | 'dead'

/** The run that a document's canvas shows. */
export function shownRun(state: RunStoreState, path: string | undefined): OpenRun | undefined {
  const runId = path === undefined ? undefined : state.shown[path]
  return runId === undefined ? undefined : state.runs[runId]
}

/** The state that a document's canvas shows: of the run as it is, or as it was at the moment looked at. */
export function shownState(state: RunStoreState, path: string | undefined): RunState | undefined {
  const run = shownRun(state, path)
  return run && (state.past?.runId === run.runId ? state.past.state : run.state)
}

/** State of a node of the flow file, under the path it was last seen at. */
export function nodeStateOf(state: RunState, node: string): NodeState | undefined {
  return state.nodes[state.latest[node] ?? node]
}

function statusOf(node: NodeState): NodeStatus {
  return node.status === 'waiting' && node.waiting?.reason === 'approval' ? 'human' : node.status
}

function milliseconds(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Date.parse(at)
}

function viewOf(node: NodeState): NodeRunView {
  const startedAt = milliseconds(node.startedAt)
  const endedAt = milliseconds(node.endedAt)
  const dueAt = milliseconds(node.resumeAt ?? node.waiting?.until)
  const status = statusOf(node)
  return {
    status,
    attempt: node.attempt,
    visits: node.visits,
    ...(startedAt !== undefined && status !== 'skipped' && { startedAt }),
    ...(startedAt !== undefined &&
      endedAt !== undefined &&
      status !== 'skipped' && { durationMs: Math.max(0, endedAt - startedAt) }),
    ...(dueAt !== undefined && { dueAt }),
    ...(node.port !== undefined && { port: node.port }),
    ...(node.error && { error: node.error.message }),
    ...(node.source && { source: node.source }),
  }
}

/** How a card tells a node's state. The same state gives the same object; `visits` counts the calls of a tool. */
export function nodeRunView(node: NodeState, visits = node.visits): NodeRunView {
  const known = views.get(node)
  if (known?.visits === visits) return known
  const view = { ...viewOf(node), visits }
  views.set(node, view)
  return view
}

const toolIndexes = new WeakMap<RunState['steps'], ReadonlyMap<string, readonly string[]>>()

/** Paths of the calls of each tool, in order. Steps only ever appear, so the list is made once per appearance. */
function toolCalls(run: RunState): ReadonlyMap<string, readonly string[]> {
  const known = toolIndexes.get(run.steps)
  if (known) return known
  const calls = new Map<string, string[]>()
  for (const path of Object.values(run.steps).flat()) {
    const call = run.nodes[path]?.call
    if (call?.type === 'tool') calls.set(call.tool, [...(calls.get(call.tool) ?? []), path])
  }
  toolIndexes.set(run.steps, calls)
  return calls
}

/** What a card says of its node: of a tool, its last call, and how many there were. */
export function cardRunOf(run: RunState, node: string): NodeRunView {
  const own = nodeStateOf(run, node)
  if (own) return nodeRunView(own)
  const calls = toolCalls(run).get(node) ?? []
  const last = run.nodes[calls.at(-1) ?? '']
  return last ? nodeRunView(last, calls.length) : idle
}

/** The state of one node in the run shown; undefined where none is shown. Renders again only when this node changes. */
export function useNodeRun(node: string): NodeRunView | undefined {
  const path = useActivePath()
  return useRuns((state) => {
    const run = shownState(state, path)
    if (!run) return undefined
    return cardRunOf(run, node)
  })
}

/** What one node has streamed in the run shown. Empty while the past is looked at: streams are not logged. */
export function useNodeStream(node: string): NodeStream | undefined {
  const path = useActivePath()
  return useRuns((state) => {
    const run = shownRun(state, path)
    if (!run || state.past?.runId === run.runId) return undefined
    return run.streams[run.state.latest[node] ?? node]
  })
}

function useActivePath(): string | undefined {
  return useDocuments((state) => state.active)
}

/** Whether the active document's canvas shows a run. */
export function useRunShown(): boolean {
  const path = useActivePath()
  return useRuns((state) => shownRun(state, path) !== undefined)
}

function supplyRun(run: RunState, edge: Edge): EdgeRun | undefined {
  const steps = run.steps[run.latest[edge.to] ?? edge.to] ?? []
  const calls = steps.flatMap((path) => {
    const step = run.nodes[path]
    return step?.call?.type === 'tool' && step.call.tool === edge.from ? [step] : []
  })
  if (calls.length === 0) return undefined
  return calls.some((call) => call.status === 'running') ? 'active' : 'taken'
}

function tokenRun(from: NodeState, to: NodeState | undefined, edge: Edge): EdgeRun | undefined {
  // In a loop an edge that was taken once stays part of the path.
  const left = from.earlierPorts?.includes(edge.fromPort) === true ? 'taken' : undefined
  if (from.status === 'skipped') return left ?? 'dead'
  const ended = from.status === 'done' || (from.status === 'failed' && from.port !== undefined)
  if (!ended) return left ?? (from.status === 'failed' && edge.fromPort !== errorPort ? 'dead' : undefined)
  if (from.port !== edge.fromPort) return left ?? 'dead'
  const underWay = to?.status === 'running' || to?.status === 'retrying'
  const later = (to?.startedAt ?? '') >= (from.endedAt ?? '')
  return underWay && later ? 'active' : 'taken'
}

/** What a run says about an edge; undefined while it says nothing. */
export function edgeRunOf(run: RunState, edge: Edge, supply: boolean): EdgeRun | undefined {
  if (supply) return supplyRun(run, edge)
  const from = nodeStateOf(run, edge.from)
  return from && tokenRun(from, nodeStateOf(run, edge.to), edge)
}

/** What the run shown says about an edge. */
export function useEdgeRun(edge: Edge | undefined, supply: boolean): EdgeRun | undefined {
  const path = useActivePath()
  return useRuns((state) => {
    const run = shownState(state, path)
    return run && edge && edgeRunOf(run, edge, supply)
  })
}
