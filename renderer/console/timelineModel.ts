import type { AgentCall, RunEvent } from '../../model/events.ts'
import { nodeIdOf, ownerOf } from '../../model/nodePath.ts'

/** How a stretch of time is drawn. */
export type BarStatus = 'running' | 'waiting' | 'retrying' | 'done' | 'failed' | 'cancelled' | 'unknown'

/** One visit of a node, in milliseconds since the epoch. `end` is absent while it goes on. */
export interface TimelineBar {
  readonly visit: number
  readonly start: number
  readonly end?: number
  readonly status: BarStatus
  /** Moments at which another attempt was put off, and stretches in which it waited. */
  readonly retries: readonly number[]
  readonly waits: readonly { readonly from: number; readonly to?: number }[]
}

/** One lane: a node, an iteration or an agent's call. */
export interface TimelineLane {
  readonly path: string
  /** The node's id in the flow. */
  readonly node: string
  readonly depth: number
  readonly call?: AgentCall
  readonly bars: readonly TimelineBar[]
}

export interface Timeline {
  readonly lanes: readonly TimelineLane[]
  /** Of the whole run, in milliseconds since the epoch. `end` is absent while it goes on. */
  readonly start: number
  readonly end?: number
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type OpenBar = Mutable<Omit<TimelineBar, 'retries' | 'waits'>> & {
  retries: number[]
  waits: { from: number; to?: number }[]
}
interface OpenLane {
  readonly path: string
  call?: AgentCall
  readonly bars: OpenBar[]
}

/** Folds a log into lanes, in the order in which their nodes first started; calls stand below their agent. */
export function timelineOf(events: readonly RunEvent[]): Timeline | undefined {
  const [first] = events
  if (!first) return undefined
  const lanes = new Map<string, OpenLane>()
  let end: number | undefined
  for (const event of events) {
    const at = Date.parse(event.at)
    if (event.type === 'run.finished' || event.type === 'run.failed' || event.type === 'run.cancelled') end = at
    else if (event.type === 'run.repaired') end = undefined
    else if ('node' in event) addEvent(lanes, event, at)
  }
  const start = Date.parse(first.at)
  const sorted = nested([...lanes.values()])
  return end === undefined ? { lanes: sorted, start } : { lanes: sorted, start, end }
}

type NodeEvent = Extract<RunEvent, { node: string }>

function addEvent(lanes: Map<string, OpenLane>, event: NodeEvent, at: number): void {
  if (event.type === 'node.started') {
    const lane = lanes.get(event.node) ?? { path: event.node, bars: [] }
    lanes.set(event.node, lane)
    if (event.call) lane.call = event.call
    lane.bars.push({ visit: event.visit, start: at, status: 'running', retries: [], waits: [] })
    return
  }
  const bar = lanes.get(event.node)?.bars.findLast((candidate) => candidate.visit === event.visit)
  if (bar) continueBar(bar, event, at)
}

function continueBar(bar: OpenBar, event: NodeEvent, at: number): void {
  const endings: Partial<Record<NodeEvent['type'], BarStatus>> = {
    'node.finished': 'done',
    'node.failed': 'failed',
    'node.cancelled': 'cancelled',
    'node.unknown': 'unknown',
  }
  const ended = endings[event.type]
  const wait = bar.waits.at(-1)
  if (wait && wait.to === undefined && event.type !== 'log' && event.type !== 'timer.set') wait.to = at
  if (ended !== undefined) {
    bar.status = ended
    if (ended !== 'unknown') bar.end = at
  } else if (event.type === 'node.retrying') {
    bar.retries.push(at)
    bar.waits.push({ from: at, to: Math.max(at, Date.parse(event.resumeAt)) })
    bar.status = 'retrying'
  } else if (event.type === 'node.waiting') {
    bar.waits.push({ from: at })
    bar.status = 'waiting'
  } else if (event.type === 'effect.intended') {
    bar.status = 'running'
  }
}

/** Puts lanes below their owners, keeping the order of first starts otherwise. */
function nested(lanes: readonly OpenLane[]): readonly TimelineLane[] {
  const known = new Set(lanes.map((lane) => lane.path))
  const below = new Map<string | undefined, OpenLane[]>()
  for (const lane of lanes) {
    const owner = nearestOwner(lane.path, known)
    const group = below.get(owner)
    if (group) group.push(lane)
    else below.set(owner, [lane])
  }
  const sorted: TimelineLane[] = []
  const add = (owner: string | undefined, depth: number) => {
    for (const lane of below.get(owner) ?? []) {
      sorted.push({ ...lane, node: nodeIdOf(lane.path), depth })
      add(lane.path, depth + 1)
    }
  }
  add(undefined, 0)
  return sorted
}

function nearestOwner(path: string, known: ReadonlySet<string>): string | undefined {
  let owner = ownerOf(path)
  while (owner !== undefined && !known.has(owner)) owner = ownerOf(owner)
  return owner
}

/** Number of the last event at or before a moment (milliseconds since the epoch); of the first where all are later. */
export function lastEventBefore(events: readonly RunEvent[], at: number): number {
  return (events.findLast((event) => Date.parse(event.at) <= at) ?? events[0])?.seq ?? 1
}

/** Round steps for an axis: at most `count` of them over `span` milliseconds. */
export function axisStep(span: number, count: number): number {
  const steps = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    1_800_000, 3_600_000,
  ]
  const least = span / Math.max(1, count)
  return steps.find((step) => step >= least) ?? Math.ceil(least / 3_600_000) * 3_600_000
}

/** The axis' words: the unit follows the step, so that neighbours are told apart. */
export function axisLabel(ms: number, step: number): string {
  if (ms === 0) return '0'
  if (step < 1000) return ms < 1000 ? `${ms} ms` : `${trimmed(ms / 1000)} s`
  if (step < 60_000 && ms < 120_000) return `${trimmed(ms / 1000)} s`
  const minutes = Math.floor(ms / 60_000)
  const seconds = Math.round((ms % 60_000) / 1000)
  if (minutes < 120) return seconds === 0 ? `${minutes} min` : `${minutes}:${String(seconds).padStart(2, '0')}`
  return `${trimmed(minutes / 60)} h`
}

function trimmed(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}
