import { emptyRunState, type RunState } from '../../model/runState.ts'
import { useRuns, type OpenRun, type RunStoreState } from '../state/runStore.ts'

/** The run on a document's canvas. */
export function shownRunOf(state: RunStoreState, path: string | undefined): OpenRun | undefined {
  const runId = path === undefined ? undefined : state.shown[path]
  return runId === undefined ? undefined : state.runs[runId]
}

/** Reads from the run on a document's canvas as it is shown: at a past moment where one is looked at. */
export function useShownState<T>(path: string | undefined, select: (state: RunState) => T): T {
  return useRuns((state) => {
    const run = shownRunOf(state, path)
    if (!run) return select(emptyRunState)
    return select(state.past?.runId === run.runId ? state.past.state : run.state)
  })
}

/** The run on a document's canvas, in a component. */
export function useShownRun(path: string | undefined): OpenRun | undefined {
  return useRuns((state) => shownRunOf(state, path))
}
