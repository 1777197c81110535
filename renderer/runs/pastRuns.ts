import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import { isLive, runStore, useRuns, type OpenRun } from '../state/runStore.ts'
import { showRun } from './runFollower.ts'

interface PastRuns {
  /** What each document's canvas showed before a past run was opened on it, by path; null where it showed nothing. */
  readonly before: Readonly<Record<string, string | null>>
}

const pastStore = createStore<PastRuns>()(() => ({ before: {} }))

/** Opens a run of the list on a document's canvas; the way back to what was shown before is kept. */
export function viewRun(path: string, runId: string): void {
  const { shown, list } = runStore.getState()
  const current = shown[path]
  if (current === runId) return
  const { before } = pastStore.getState()
  const summary = list.find((run) => run.runId === runId)
  if (summary && isLive(summary)) forget(path)
  else if (before[path] === runId) forget(path)
  else if (before[path] === undefined) pastStore.setState({ before: { ...before, [path]: current ?? null } })
  showRun(path, runId)
}

/** Leaves the past: the present moment of the run, then the run that was shown before. */
export function backToLive(path: string): void {
  const { past, viewPast } = runStore.getState()
  if (past) {
    viewPast(past.runId, undefined)
    return
  }
  const before = pastStore.getState().before[path]
  forget(path)
  showRun(path, before ?? undefined)
}

/** A new run is on the canvas: there is no past to come back from. */
export function forget(path: string): void {
  pastStore.setState(({ before }) => ({
    before: Object.fromEntries(Object.entries(before).filter(([key]) => key !== path)),
  }))
}

/** The run on this document's canvas where it, or the moment shown of it, is past. */
export function usePastRun(path: string | undefined): OpenRun | undefined {
  const opened = useStore(pastStore, (state) => path !== undefined && state.before[path] !== undefined)
  return useRuns((state) => {
    const runId = path === undefined ? undefined : state.shown[path]
    const run = runId === undefined ? undefined : state.runs[runId]
    return run && (opened || state.past?.runId === run.runId) ? run : undefined
  })
}
