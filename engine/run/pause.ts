import type { ActiveNode, RunState } from './state.ts'

/** The signal that is logged when a run that stopped before a node is told to go on. */
export const goOnSignal = 'run.continue'

/** Whether the run was told to stop before this visit starts. */
export function mustPause({ pauseAt }: RunState, node: ActiveNode): boolean {
  return pauseAt !== undefined && node.attempt === 1 && (node.path === pauseAt || node.id === pauseAt)
}

/** Visits before whose start the run has stopped. */
export function pausedNodes({ active }: RunState): ActiveNode[] {
  return [...active.values()].filter((node) => node.phase === 'paused')
}
