import { toast } from 'sonner'
import type { Json, JsonObject } from '../../model/json.ts'
import { flowText } from '../files/flowText.ts'
import type { RequestParams, RequestResults } from '../../model/protocol.ts'
import { forgetOrigin, originOf } from '../files/origin.ts'
import { refreshTrust } from '../files/documents.ts'
import { closeDialog, openDialog } from '../shell/dialogStore.ts'
import { engine } from '../shell/engine.ts'
import { attempt } from '../shell/report.ts'
import { showConsole, viewStore } from '../shell/viewStore.ts'
import { activeDocument, documentStore } from '../state/documentStore.ts'
import { isLive, runStore } from '../state/runStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { defaultInput, inputFields, inputProblems } from './inputSchema.ts'
import { awaitEnd } from './announceRuns.ts'
import { forget } from './pastRuns.ts'
import { showRun } from './runFollower.ts'

type StartParams = RequestParams<'run.start'>
type NodeRun = NonNullable<StartParams['only']>

/**
 * Runs the active document as it stands in the editor. Its inputs are those of its last run, or the schema's defaults;
 * where they do not do, or `ask` is set, a form asks for them.
 */
export function runActive(options: { ask?: boolean } = {}): void {
  const document = activeDocument(documentStore.getState())
  if (!document) return
  const schema = document.flow.inputs
  const input = rememberedInput(document.path)
  const incomplete = inputProblems(schema, input).length > 0
  if (inputFields(schema).length > 0 && (options.ask === true || incomplete)) {
    openDialog({ type: 'run-inputs', path: document.path })
  } else {
    runWith(document.path, input)
  }
}

/** The input a flow was last run with, completed by its defaults; inputs the flow has no more are left out. */
export function rememberedInput(path: string): JsonObject {
  const schema = documentStore.getState().documents[path]?.flow.inputs
  const last = viewStore.getState().lastInputs[path] ?? {}
  const known = new Set(inputFields(schema).map((field) => field.name))
  const kept = Object.fromEntries(Object.entries(last).filter(([name]) => known.has(name)))
  return { ...defaultInput(schema), ...kept }
}

/** Runs a document with this input, and remembers it for the next time. */
export function runWith(path: string, input: JsonObject): void {
  if (Object.keys(input).length > 0) {
    viewStore.setState((view) => ({ lastInputs: { ...view.lastInputs, [path]: input } }))
  }
  send(path, input, undefined, false)
}

/** Runs one node alone: with what came in last (of the run shown), or with a given `prev`. */
export function runNode(path: string, node: string, prev?: Json): void {
  const runId = runStore.getState().shown[path]
  const only: NodeRun = { node }
  if (prev !== undefined) only.prev = prev
  if (runId !== undefined) only.runId = runId
  send(path, rememberedInput(path), only, false)
}

/** Stops the run that the active document shows. */
export function stopActive(): void {
  const run = shownRun()
  if (run && isLive(run.summary)) attempt('stop the run', () => engine().request('run.cancel', { runId: run.runId }))
}

/** The run on the active document's canvas. */
export function shownRun() {
  const { active } = documentStore.getState()
  const { shown, runs } = runStore.getState()
  const runId = active === undefined ? undefined : shown[active]
  return runId === undefined ? undefined : runs[runId]
}

/** Trusts a document as it stands: its effects may happen from now on. Rejects as the request does. */
export async function trustDocument(path: string): Promise<void> {
  const document = documentStore.getState().documents[path]
  if (!document) return
  await engine().request('trust.grant', { flow: { path, text: flowText(document.flow) } })
  forgetOrigin(path)
  documentStore.getState().setTrusted(path, true)
}

function send(path: string, input: JsonObject, only: NodeRun | undefined, trust: boolean): void {
  const document = documentStore.getState().documents[path]
  if (!document) return
  const params: StartParams = { flow: { path, text: flowText(document.flow), origin: originOf(path) }, input }
  if (only) params.only = only
  if (trust) params.trust = true
  attempt('start the run', async () => {
    const answer = await engine().request('run.start', params)
    takeAnswer(path, answer, document.revision, (once) => {
      closeDialog()
      if (once) send(path, input, only, true)
      else attempt('trust the flow', async () => trustDocument(path).then(() => send(path, input, only, false)))
    })
  })
}

function takeAnswer(
  path: string,
  answer: RequestResults['run.start'],
  revision: number,
  runTrusted: (once: boolean) => void,
): void {
  if ('runId' in answer) {
    forget(path)
    awaitEnd(answer.runId)
    showRun(path, answer.runId)
    const { consoleTab } = viewStore.getState()
    if (consoleTab === 'problems') showConsole('timeline')
    refreshTrust(path)
    return
  }
  if ('untrusted' in answer) {
    openDialog({ type: 'trust', path, services: answer.untrusted.services, env: answer.untrusted.env, run: runTrusted })
    return
  }
  documentStore.getState().setDiagnostics(path, revision, answer.diagnostics)
  const errors = answer.diagnostics.filter((d) => d.severity === 'error')
  const [first] = errors
  showConsole('problems')
  if (first?.node !== undefined) selectionStore.getState().reveal(first.node, first.field)
  const count = errors.length === 1 ? 'One problem stands' : `${errors.length} problems stand`
  toast.error(`${count} in the way of a run`, { description: first?.message })
}
