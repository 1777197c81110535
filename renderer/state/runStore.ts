import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ProgressMessage, RunEvent } from '../../model/events.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { emptyRunState, reduceRunAll, type RunState } from '../../model/runState.ts'
import { type Frame, nextFrame } from './frame.ts'

/** What a running node has reported so far and the log does not hold. */
export interface NodeStream {
  readonly visit: number
  readonly text: string
  readonly status?: string
}

/** A run this window follows. */
export interface OpenRun {
  readonly runId: string
  readonly summary: RunSummary
  /** The log so far, in order and without gaps. */
  readonly events: readonly RunEvent[]
  /** The fold of all `events`. */
  readonly state: RunState
  /** The flow file's text that the run was started with. */
  readonly flowText: string
  /** By node path. */
  readonly streams: Readonly<Record<string, NodeStream>>
  /** Events were missed: the run has to be opened again. */
  readonly gap: boolean
  /** The engine went away while the run was live; it is resumed when the engine is back. */
  readonly lost: boolean
}

/** The past being looked at: the run as it was after event `seq`. */
export interface PastView {
  readonly runId: string
  readonly seq: number
  /** The fold of the events up to `seq`. */
  readonly state: RunState
}

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

const longestStream = 20_000

function streamed(old: NodeStream | undefined, message: ProgressMessage): NodeStream {
  const before = old?.visit === message.visit ? old : undefined
  const text = ((before?.text ?? '') + (message.text ?? '')).slice(-longestStream)
  const status = message.status ?? before?.status
  return status === undefined ? { visit: message.visit, text } : { visit: message.visit, text, status }
}

function folded(run: OpenRun, incoming: readonly RunEvent[]): OpenRun {
  const fresh: RunEvent[] = []
  let last = run.events.at(-1)?.seq ?? 0
  let gap = run.gap
  for (const event of incoming) {
    if (event.seq <= last) continue
    if (event.seq !== last + 1) {
      gap = true
      break
    }
    last = event.seq
    fresh.push(event)
  }
  if (fresh.length === 0 && gap === run.gap) return run
  return { ...run, events: run.events.concat(fresh), state: reduceRunAll(run.state, fresh), gap, lost: false }
}

function foldUntil(events: readonly RunEvent[], seq: number): RunState {
  const end = events.findIndex((event) => event.seq > seq)
  return reduceRunAll(emptyRunState, end < 0 ? events : events.slice(0, end))
}

function omit<T>(record: Readonly<Record<string, T>>, drop: (key: string, value: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key, value]) => !drop(key, value)))
}

/** Makes a store of runs. `frame` runs a function before the next paint; the application's waits for the display. */
export function createRunStore(frame: Frame = nextFrame) {
  let queuedEvents = new Map<string, RunEvent[]>()
  let queuedProgress: ProgressMessage[] = []
  let scheduled = false

  return createStore<RunStoreState>()((set, get) => {
    const schedule = () => {
      if (scheduled) return
      scheduled = true
      frame(() => {
        get().flush()
      })
    }
    const takeEvents = (runs: Readonly<Record<string, OpenRun>>) => {
      const changed: Record<string, OpenRun> = {}
      for (const [runId, events] of queuedEvents) {
        const run = runs[runId]
        if (!run) continue
        const next = folded(run, events)
        if (next !== run) changed[runId] = next
      }
      queuedEvents = new Map()
      return changed
    }
    const takeProgress = (runs: Readonly<Record<string, OpenRun>>, changed: Record<string, OpenRun>) => {
      for (const message of queuedProgress) {
        const run = changed[message.runId] ?? runs[message.runId]
        if (!run) continue
        const stream = streamed(run.streams[message.node], message)
        changed[message.runId] = { ...run, streams: { ...run.streams, [message.node]: stream } }
      }
      queuedProgress = []
    }
    return {
      runs: {},
      shown: {},
      past: undefined,
      list: [],
      opened: (summary, events, flowText) => {
        const streams = get().runs[summary.runId]?.streams ?? {}
        const state = foldUntil(events, Infinity)
        const run: OpenRun = { runId: summary.runId, summary, events, state, flowText, streams, gap: false, lost: false }
        set((before) => ({ runs: { ...before.runs, [summary.runId]: run } }))
        if (queuedEvents.has(summary.runId)) schedule()
      },
      receive: (runId, events) => {
        const queue = queuedEvents.get(runId)
        if (queue) queue.push(...events)
        else queuedEvents.set(runId, [...events])
        schedule()
      },
      progress: (messages) => {
        queuedProgress.push(...messages)
        schedule()
      },
      flush: () => {
        scheduled = false
        const { runs } = get()
        const changed = takeEvents(runs)
        takeProgress(runs, changed)
        if (Object.keys(changed).length > 0) set({ runs: { ...runs, ...changed } })
      },
      show: (path, runId) => {
        set((state) => {
          const others = omit(state.shown, (key) => key === path)
          return { shown: runId === undefined ? others : { ...others, [path]: runId }, past: undefined }
        })
      },
      viewPast: (runId, seq) => {
        const run = get().runs[runId]
        if (seq === undefined || !run) set({ past: undefined })
        else set({ past: { runId, seq, state: foldUntil(run.events, seq) } })
      },
      closed: (runId) => {
        set((state) => ({
          runs: omit(state.runs, (key) => key === runId),
          shown: omit(state.shown, (_, shownRun) => shownRun === runId),
          past: state.past?.runId === runId ? undefined : state.past,
        }))
      },
      engineLost: () => {
        set((state) => ({
          runs: Object.fromEntries(Object.entries(state.runs).map(([id, run]) => [id, { ...run, lost: isLive(run.summary) }])),
        }))
      },
      setList: (runs) => {
        set({ list: runs })
      },
      summaryChanged: (summary) => {
        set((state) => {
          const list = [summary, ...state.list.filter((run) => run.runId !== summary.runId)]
          list.sort((a, b) => b.startedAt.localeCompare(a.startedAt))
          const run = state.runs[summary.runId]
          return run ? { list, runs: { ...state.runs, [summary.runId]: { ...run, summary } } } : { list }
        })
      },
    }
  })
}

/** Whether a run may still go on. */
export function isLive(run: RunSummary): boolean {
  return run.status === 'running' || run.status === 'waiting'
}

/** The runs this window follows. */
export const runStore = createRunStore()

/** Reads from {@link runStore} in a component; the component renders again only when the selected value changes. */
export function useRuns<T>(select: (state: RunStoreState) => T): T {
  return useStore(runStore, select)
}
