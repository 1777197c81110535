import { toast } from 'sonner'
import type { Failure } from '../../model/failure.ts'
import { isJsonObject } from '../../model/json.ts'
import { nodeIdOf } from '../../model/nodePath.ts'
import { focusCanvas } from '../keymap/dispatcher.ts'
import { showConsole } from '../shell/viewStore.ts'
import { documentStore } from '../state/documentStore.ts'
import { runStore, type OpenRun } from '../state/runStore.ts'
import { selectionStore } from '../state/selectionStore.ts'

/** Runs that were started or resumed here and whose end is still to be told. */
const awaited = new Set<string>()

/** A failure of this run is told in a toast. */
export function awaitEnd(runId: string): void {
  awaited.add(runId)
}

/** Says when a run that was started here fails, with the way to the node. The result stops it. */
export function announceFailures(): () => void {
  return runStore.subscribe(({ runs }) => {
    for (const runId of awaited) {
      const run = runs[runId]
      if (run?.state.endedAt === undefined) continue
      awaited.delete(runId)
      if (run.state.status === 'failed') announce(run)
    }
  })
}

/** The setting at which a node failed, where the failure names one. */
function fieldOf({ details }: Partial<Failure>): string | undefined {
  return isJsonObject(details) && typeof details['field'] === 'string' ? details['field'] : undefined
}

/** An expression fails in what the node computes: its first setting, where the failure does not say which. */
function leadTo(node: string, failure: Partial<Failure>): void {
  const field = fieldOf(failure)
  const { reveal, focusField } = selectionStore.getState()
  reveal(node, field)
  if (field !== undefined) return
  if (failure.code === 'expression-failed') focusField(node)
  else focusCanvas()
}

function announce({ summary, state }: OpenRun): void {
  const failure: Partial<Failure> = state.error ?? {}
  const { node, message = 'The log says more.' } = failure
  const show = () => {
    documentStore.getState().activate(summary.flow)
    if (node === undefined) showConsole('log')
    else leadTo(nodeIdOf(node), failure)
  }
  const action = { label: node === undefined ? 'Show log' : 'Show node', onClick: show }
  toast.error(`“${summary.name}” failed`, { description: message, duration: 12_000, action })
}
