import type { Flow, FlowNode } from '../../model/document.ts'
import { parseFlow } from '../../model/flowFile.ts'
import { jsonEquals, toJson } from '../../model/json.ts'
import { useDocuments } from './documentStore.ts'
import { useRuns } from './runStore.ts'
import { shownRun } from './useNodeRun.ts'

const keptFlows = 8
const flows = new Map<string, Flow | undefined>()

/** The flow that a run was started with; undefined where its text cannot be read. */
function flowOfRun(text: string): Flow | undefined {
  if (flows.has(text)) return flows.get(text)
  const [oldest] = flows.keys()
  if (oldest !== undefined && flows.size >= keptFlows) flows.delete(oldest)
  const { flow } = parseFlow(text, 'run')
  flows.set(text, flow)
  return flow
}

/** What of a node decides how it runs: its label does not. */
function working({ label: _label, ...rest }: FlowNode) {
  return toJson(rest)
}

const answers = new WeakMap<FlowNode, { readonly text: string; readonly changed: boolean }>()

/** Whether a node would run otherwise than it did in the run that was started with this flow text. */
export function changedSince(id: string, node: FlowNode, flowText: string): boolean {
  const known = answers.get(node)
  if (known?.text === flowText) return known.changed
  const flow = flowOfRun(flowText)
  const before = flow?.nodes[id]
  const changed = flow !== undefined && (!before || !jsonEquals(working(before), working(node)))
  answers.set(node, { text: flowText, changed })
  return changed
}

/** Whether a node was changed since the run that the canvas shows. */
export function useChangedSinceRun(id: string, node: FlowNode): boolean {
  const path = useDocuments((state) => state.active)
  return useRuns((state) => {
    const run = shownRun(state, path)
    return run !== undefined && changedSince(id, node, run.flowText)
  })
}
