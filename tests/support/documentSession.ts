import type { Flow } from '../../model/document.ts'
import { parseFlow } from '../../model/flowFile.ts'
import { startEngine } from '../../renderer/shell/engine.ts'
import { closeDialog } from '../../renderer/shell/dialogStore.ts'
import { documentStore } from '../../renderer/state/documentStore.ts'
import { runStore } from '../../renderer/state/runStore.ts'
import { selectionStore } from '../../renderer/state/selectionStore.ts'
import { createScriptedTransport, type Script, type ScriptedTransport } from './scriptedTransport.ts'

/** A window's session with a scripted engine, from a clean slate: no documents, no runs, no dialog. */
export async function startScriptedSession(script: Script): Promise<ScriptedTransport> {
  for (const path of documentStore.getState().tabs) documentStore.getState().close(path)
  for (const runId of Object.keys(runStore.getState().runs)) runStore.getState().closed(runId)
  runStore.setState({ list: [], shown: {}, past: undefined })
  selectionStore.getState().clear()
  closeDialog()
  const transport = createScriptedTransport({
    'trust.get': () => ({ trusted: true, services: [], env: [] }),
    'workspace.files': () => ({ files: [] }),
    'draft.load': () => ({ draft: null }),
    'draft.drop': () => ({}),
    ...script,
  })
  startEngine(transport)
  transport.open()
  await settled()
  return transport
}

/** Lets every promise that is due go on, without letting time pass. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
}

/** A flow from the text of its nodes and edges. Throws where it is none: a fault of the test. */
export function flowOf(nodes: object, edges: readonly string[] = [], more: object = {}): Flow {
  const text = JSON.stringify({ format: 'switchyard.flow/1', name: 'Test', ...more, nodes, edges })
  const { flow, diagnostics } = parseFlow(text, 'test.flow.json')
  if (!flow) throw new Error(diagnostics.map((problem) => problem.message).join('\n'))
  return flow
}
