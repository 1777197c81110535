import { flowText } from '../files/flowText.ts'
import { originOf } from '../files/origin.ts'
import type { Json } from '../../model/json.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { engine } from '../shell/engine.ts'
import { EngineError } from '../transport/messages.ts'
import { documentStore } from '../state/documentStore.ts'
import { awaitEnd } from './announceRuns.ts'
import { forget } from './pastRuns.ts'
import { showRun } from './runFollower.ts'

/** Whether a run has ended in a way that it can go on from. */
export function canResume(run: RunSummary): boolean {
  return run.status === 'failed' || run.status === 'cancelled'
}

/**
 * Goes on with a run that failed or was stopped, under the flow as it stands in the editor: what was done and did not
 * change is not done again. EXECUTION.md 5.3. Rejects as the request does.
 */
export async function resumeRun(run: RunSummary): Promise<void> {
  const document = documentStore.getState().documents[run.flow]
  const flow = document && { path: run.flow, text: flowText(document.flow), origin: originOf(run.flow) }
  const resumed = await engine().request('run.resume', { runId: run.runId, ...(flow && { flow }) })
  if ('untrusted' in resumed)
    throw new EngineError('not-trusted', 'The flow is not trusted. Trust it, then go on with this run.')
  if ('diagnostics' in resumed)
    throw new EngineError('bad-flow', resumed.diagnostics[0]?.message ?? 'The flow has errors.')
  forget(run.flow)
  awaitEnd(run.runId)
  showRun(run.flow, run.runId)
}

/** Starts a new run that reuses all that a run had recorded up to an event, and shows it. Rejects as the request does. */
export async function forkRun(run: RunSummary, seq: number): Promise<void> {
  const forked = await engine().request('run.fork', { runId: run.runId, seq })
  if ('untrusted' in forked)
    throw new EngineError(
      'not-trusted',
      'The flow as this run followed it is not trusted. Run the flow and trust it, then fork that run.',
    )
  if ('diagnostics' in forked)
    throw new EngineError('bad-flow', forked.diagnostics[0]?.message ?? 'The flow has errors.')
  forget(run.flow)
  awaitEnd(forked.runId)
  showRun(run.flow, forked.runId)
}

export type Resolution =
  { readonly type: 'retry' } | { readonly type: 'fail' } | { readonly type: 'value'; readonly output: Json }

/** Says what became of an effect whose outcome is unknown. Rejects as the request does. */
export async function resolveUnknown(runId: string, node: string, decision: Resolution): Promise<void> {
  await engine().request('run.resolve', { runId, node, decision })
}
