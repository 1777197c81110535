import type { RunSummary } from '../../model/protocol.ts'
import { engine } from '../shell/engine.ts'
import { reportFailure } from '../shell/report.ts'
import { viewStore } from '../shell/viewStore.ts'
import { documentStore } from '../state/documentStore.ts'
import { isLive, runStore } from '../state/runStore.ts'

const following = new Map<string, () => void>()

/** Follows a run: its events flow into the run store until it is neither shown nor live. Asking twice does no harm. */
export function followRun(runId: string): void {
  if (following.has(runId)) return
  let opened = false
  const stop = engine().followRun(runId, {
    opened: (summary, flowText) => {
      const store = runStore.getState()
      if (opened) store.summaryChanged(summary)
      else store.opened(summary, [], flowText)
      opened = true
    },
    events: (events) => {
      runStore.getState().receive(runId, events)
    },
    failed: (error) => {
      following.delete(runId)
      reportFailure('open the run', error)
    },
  })
  following.set(runId, stop)
}

/** Shows a run on a document's canvas, following it as long as it is looked at. */
export function showRun(path: string, runId: string | undefined): void {
  runStore.getState().show(path, runId)
  if (runId !== undefined) followRun(runId)
  releaseUnseen()
}

/** Brings the run list up to date and picks up runs of open documents that are still going on. */
export async function loadRuns(): Promise<void> {
  const { runs } = await engine().request('run.list', { limit: 200 })
  runStore.getState().setList(runs)
  for (const path of Object.keys(documentStore.getState().documents)) adoptRun(path)
}

/** Shows on a document's canvas the run that was there last time, or else one that still goes on. */
function adoptRun(path: string): void {
  const { list, shown } = runStore.getState()
  const last = viewStore.getState().shown[path]
  if (shown[path] === undefined && last !== undefined && list.some((run) => run.runId === last)) showRun(path, last)
  else adoptLive(path)
}

/** Remembers with the layout which run each open document shows. The result stops it. */
export function rememberShown(): () => void {
  return runStore.subscribe((state, before) => {
    if (state.shown !== before.shown) viewStore.setState({ shown: { ...state.shown } })
  })
}

/** Shows the newest live run of a document that shows none. */
export function adoptLive(path: string, runs: readonly RunSummary[] = runStore.getState().list): void {
  if (runStore.getState().shown[path] !== undefined) return
  const live = runs.find((run) => run.flow === path && isLive(run))
  if (live) showRun(path, live.runId)
}

/** Passes the engine's notifications to the run store. The result stops it. */
export function followNotifications(): () => void {
  const client = engine()
  const stops = [
    client.on('run.progress', ({ messages }) => {
      runStore.getState().progress(messages)
    }),
    client.on('run.listChanged', ({ run }) => {
      runStore.getState().summaryChanged(run)
    }),
    client.on('engine.lost', () => {
      runStore.getState().engineLost()
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function releaseUnseen(): void {
  const { shown, runs, closed } = runStore.getState()
  const seen = new Set(Object.values(shown))
  for (const [runId, stop] of [...following]) {
    const run = runs[runId]
    if (seen.has(runId) || (run && isLive(run.summary))) continue
    stop()
    following.delete(runId)
    if (run) closed(runId)
  }
}
