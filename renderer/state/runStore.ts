import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ProgressMessage, RunEvent } from '../../model/events.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { type Frame, nextFrame } from './frame.ts'
import { foldUntil, isLive, listWith, omit, openedRun, type OpenRun, type PastView, runsAfter } from './runChanges.ts'

export { isLive } from './runChanges.ts'
export type { NodeStream, OpenRun, PastView } from './runChanges.ts'

export interface RunStoreState {
  readonly runs: Readonly<Record<string, OpenRun>>
  /** Which run a document's canvas shows, by the document's path. */
  readonly shown: Readonly<Record<string, string>>
  /** Set while the canvas shows a moment that is past. */
  readonly past: PastView | undefined
  /** Runs of this workspace as last listed, newest first. */
  readonly list: readonly RunSummary[]

  /** Takes the answer to `run.open`: replaces what was known of the run. */
  opened(summary: RunSummary, events: readonly RunEvent[], flowText: string): void
  /** Queues events; they are folded once per frame. */
  receive(runId: string, events: readonly RunEvent[]): void
  /** Queues streamed text; it is shown once per frame. */
  progress(messages: readonly ProgressMessage[]): void
  /** Folds everything queued at once. */
  flush(): void
  /** Shows a run on a document's canvas, or none. */
  show(path: string, runId: string | undefined): void
  /** Looks at the run as it was after event `seq`; `undefined` goes back to live. */
  viewPast(runId: string, seq: number | undefined): void
  closed(runId: string): void
  engineLost(): void
  setList(runs: readonly RunSummary[]): void
  /** Takes a run's new summary into the list and into the open run. */
  summaryChanged(run: RunSummary): void
}

/** What has arrived since the last frame. */
class Arrivals {
  #events = new Map<string, RunEvent[]>()
  #progress: ProgressMessage[] = []
  #scheduled = false

  constructor(
    private readonly frame: Frame,
    private readonly flush: () => void,
  ) {}

  addEvents(runId: string, events: readonly RunEvent[]): void {
    const queue = this.#events.get(runId)
    if (queue) queue.push(...events)
    else this.#events.set(runId, [...events])
    this.#schedule()
  }

  addProgress(messages: readonly ProgressMessage[]): void {
    this.#progress.push(...messages)
    this.#schedule()
  }

  take(): { readonly events: ReadonlyMap<string, readonly RunEvent[]>; readonly progress: readonly ProgressMessage[] } {
    const taken = { events: this.#events, progress: this.#progress }
    this.#events = new Map()
    this.#progress = []
    this.#scheduled = false
    return taken
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.frame(this.flush)
  }
}

/** Makes a store of runs. `frame` runs a function before the next paint; the application's waits for the display. */
export function createRunStore(frame: Frame = nextFrame) {
  return createStore<RunStoreState>()((set, get) => {
    const arrivals = new Arrivals(frame, () => get().flush())
    return {
      runs: {},
      shown: {},
      past: undefined,
      list: [],
      opened: (summary, events, flowText) => {
        set(({ runs }) => ({ runs: { ...runs, [summary.runId]: openedRun(runs, summary, events, flowText) } }))
      },
      receive: (runId, events) => arrivals.addEvents(runId, events),
      progress: (messages) => arrivals.addProgress(messages),
      flush: () => {
        const { events, progress } = arrivals.take()
        const runs = runsAfter(get().runs, events, progress)
        if (runs !== get().runs) set({ runs })
      },
      show: (path, runId) => {
        set((state) => {
          const others = omit(state.shown, (key) => key === path)
          return { shown: runId === undefined ? others : { ...others, [path]: runId }, past: undefined }
        })
      },
      viewPast: (runId, seq) => {
        const run = get().runs[runId]
        set({ past: seq === undefined || !run ? undefined : { runId, seq, state: foldUntil(run.events, seq) } })
      },
      closed: (runId) => {
        set((state) => ({
          runs: omit(state.runs, (key) => key === runId),
          shown: omit(state.shown, (_, shownRun) => shownRun === runId),
          past: state.past?.runId === runId ? undefined : state.past,
        }))
      },
      engineLost: () => {
        set(({ runs }) => ({
          runs: Object.fromEntries(
            Object.entries(runs).map(([id, run]) => [id, { ...run, lost: isLive(run.summary) }]),
          ),
        }))
      },
      setList: (list) => set({ list }),
      summaryChanged: (summary) => {
        set(({ runs, list }) => {
          const run = runs[summary.runId]
          const known = { list: listWith(list, summary) }
          return run ? { ...known, runs: { ...runs, [summary.runId]: { ...run, summary } } } : known
        })
      },
    }
  })
}

/** The runs this window follows. */
export const runStore = createRunStore()

/** Reads from {@link runStore} in a component; the component renders again only when the selected value changes. */
export function useRuns<T>(select: (state: RunStoreState) => T): T {
  return useStore(runStore, select)
}
