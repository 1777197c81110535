import { toast } from 'sonner'
import type { RunSummary } from '../../model/protocol.ts'
import { engine } from '../shell/engine.ts'
import { showConsole } from '../shell/viewStore.ts'
import { documentStore } from '../state/documentStore.ts'
import { isLive, runStore } from '../state/runStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { nodeIdOf } from '../../model/nodePath.ts'

/** Says when a run of an open document fails, with the way to the node. Must be started before the run list changes. */
export function announceFailures(): () => void {
  return engine().on('run.listChanged', ({ run }) => {
    if (run.status !== 'failed' || runStore.getState().shown[run.flow] !== run.runId) return
    const before = runStore.getState().runs[run.runId]?.summary
    if (before && isLive(before)) announce(run)
  })
}

function announce(run: RunSummary): void {
  const { node, message = 'The log says more.' } = run.error ?? {}
  const show = () => {
    documentStore.getState().activate(run.flow)
    if (node === undefined) showConsole('log')
    else selectionStore.getState().reveal(nodeIdOf(node))
  }
  toast.error(`“${run.name}” failed`, { description: message, duration: 12_000, action: { label: node === undefined ? 'Show log' : 'Show node', onClick: show } })
}
