import type { AgentCall, LogLevel, NodeFinished, RunStarted, Usage } from './events.ts'
import type { Failure } from './failure.ts'
import type { Json } from './json.ts'
import { emptyMap } from './maps.ts'
import type { RunStatus } from './protocol.ts'

export { reduceRun, reduceRunAll } from './runFold.ts'

/** A run as its log tells it: what canvas, console, command line and tests read. Immutable. */
export interface RunState {
  readonly runId?: string
  /** `idle` before `run.started`. */
  readonly status: RunStatus | 'idle'
  /** Number of the last event folded; 0 before the first. */
  readonly seq: number
  /** What the run was started as. */
  readonly started?: RunStarted
  /** ISO 8601, in UTC. */
  readonly startedAt?: string
  readonly endedAt?: string
  readonly output?: Json
  readonly error?: Failure
  /** Places that only people, signals or timers can move on, while the status is `waiting`. */
  readonly waitingOn: readonly string[]
  /** By node path; without prototype. A node that no event has named is absent: it is idle. */
  readonly nodes: Readonly<Record<string, NodeState>>
  /** The path a node of the flow file was last seen under, by its id: where a card inside a container looks. */
  readonly latest: Readonly<Record<string, string>>
  /** Paths of the steps below a node or iteration (agent's calls, items, bodies), in order of appearance. */
  readonly steps: Readonly<Record<string, readonly string[]>>
  /** Variables of the flow's scope; what bodies of `for-each` write is not among them. EXECUTION.md 4.5. */
  readonly vars: Readonly<Record<string, Json>>
  readonly logs: readonly LogEntry[]
  /** Of all model calls so far. */
  readonly usage: Usage
}

export type NodeStatus =
  | 'running'
  | 'waiting'
  | 'done'
  | 'skipped'
  | 'failed'
  | 'retrying'
  | 'cancelled'
  /** An effect began and nothing tells whether it happened. EXECUTION.md 8.2. */
  | 'unknown'

/** A node, an item or a call, as its last visit left it. Values of the visit before stay until the next has ended. */
export interface NodeState {
  readonly path: string
  readonly status: NodeStatus
  /** The visit that is under way or was the last, counted from 1; 0 for a node that was only ever skipped. */
  readonly visit: number
  /** How often the node was started in its scope. */
  readonly visits: number
  /** ISO 8601, in UTC; `endedAt` only while the node is not under way. */
  readonly startedAt?: string
  readonly endedAt?: string
  /** 1 for the first attempt; while retrying, the attempt that starts at `resumeAt`. */
  readonly attempt: number
  readonly resumeAt?: string
  /** Settings as evaluated. */
  readonly data?: Json
  readonly output?: Json
  /** The port the last visit ended on. */
  readonly port?: string
  /** Ports that the visits before ended on, each once; absent on the first visit. */
  readonly earlierPorts?: readonly string[]
  /** Failure of the last visit or attempt; absent once the node has finished well. */
  readonly error?: Failure
  readonly call?: AgentCall
  readonly usage?: Usage
  readonly source?: NonNullable<NodeFinished['source']>
  /** What a waiting node waits for. */
  readonly waiting?: {
    readonly reason: 'timer' | 'signal' | 'approval'
    readonly until?: string
    readonly detail?: Json
  }
  /** Key of the effect under way or unknown. */
  readonly key?: string
}

export interface LogEntry {
  readonly seq: number
  readonly at: string
  readonly node: string
  readonly visit: number
  readonly level: LogLevel
  readonly message: string
}

const nothing: Readonly<Record<string, never>> = Object.freeze(emptyMap<never>())

/** The state before any event. */
export const emptyRunState: RunState = Object.freeze({
  status: 'idle',
  seq: 0,
  waitingOn: [],
  nodes: nothing,
  latest: nothing,
  steps: nothing,
  vars: nothing,
  logs: [],
  usage: { inputTokens: 0, outputTokens: 0 },
})

/** Whether a node is under way: it may still change without being started again. */
export function isUnderWay(node: NodeState): boolean {
  return node.status === 'running' || node.status === 'waiting' || node.status === 'retrying'
}
