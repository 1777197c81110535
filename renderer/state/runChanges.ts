import type { ProgressMessage, RunEvent } from '../../model/events.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { emptyRunState, reduceRunAll, type RunState } from '../../model/runState.ts'

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

/** The state of a run after event `seq`. */
export function foldUntil(events: readonly RunEvent[], seq: number): RunState {
  const end = events.findIndex((event) => event.seq > seq)
  return reduceRunAll(emptyRunState, end < 0 ? events : events.slice(0, end))
}

/** A map without the entries that `drop` names. */
export function omit<T>(
  record: Readonly<Record<string, T>>,
  drop: (key: string, value: T) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key, value]) => !drop(key, value)))
}

type Runs = Readonly<Record<string, OpenRun>>

/** A run as `run.open` tells it; what it has streamed so far is kept. */
export function openedRun(runs: Runs, summary: RunSummary, events: readonly RunEvent[], flowText: string): OpenRun {
  const { runId } = summary
  return {
    runId,
    summary,
    events,
    state: foldUntil(events, Infinity),
    flowText,
    streams: runs[runId]?.streams ?? {},
    gap: false,
    lost: false,
  }
}

/** The runs after events and streamed text have come; the same object where nothing concerned an open run. */
export function runsAfter(
  runs: Runs,
  events: ReadonlyMap<string, readonly RunEvent[]>,
  progress: readonly ProgressMessage[],
): Runs {
  const changed: Record<string, OpenRun> = {}
  for (const [runId, incoming] of events) {
    const run = runs[runId]
    const next = run && folded(run, incoming)
    if (next && next !== run) changed[runId] = next
  }
  for (const message of progress) {
    const run = changed[message.runId] ?? runs[message.runId]
    if (!run) continue
    const stream = streamed(run.streams[message.node], message)
    changed[message.runId] = { ...run, streams: { ...run.streams, [message.node]: stream } }
  }
  return Object.keys(changed).length > 0 ? { ...runs, ...changed } : runs
}

/** A list of runs with one that is new or has changed, newest first. */
export function listWith(list: readonly RunSummary[], run: RunSummary): RunSummary[] {
  const others = list.filter((known) => known.runId !== run.runId)
  return [run, ...others].sort((a, b) => b.startedAt.localeCompare(a.startedAt))
}

/** Whether a run may still go on. */
export function isLive(run: RunSummary): boolean {
  return run.status === 'running' || run.status === 'waiting'
}
