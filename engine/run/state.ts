import type { AgentCall, Usage } from '../../model/events.ts'
import type { Failure } from '../../model/failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { PlannedNode } from '../compile/machine.ts'
import type { ReuseTable } from './reuse.ts'
import type { TokenState } from './tokens.ts'

/**
 * A run in memory: the fold of its log. `advance` owns it: a state handed to `advance` must not be used again
 * (it is changed in place, which keeps a step's cost independent of the flow's size), and nobody else writes it.
 * Equal logs give equal states.
 */
export interface RunState {
  readonly runId: string
  readonly input: JsonObject
  startedAt: string
  /** Seq of the last event folded. */
  seq: number
  status: 'running' | 'waiting' | 'ending' | 'completed' | 'failed' | 'cancelled'
  tokens: TokenState
  /** Open scopes by scope path. */
  readonly scopes: Map<string, ScopeState>
  /** Visits under way, items of `each` and calls of agents included, by node path, in order of readiness. */
  readonly active: Map<string, ActiveNode>
  /** Visits that wait for a slot of the flow's concurrency. */
  readonly queue: ActiveNode[]
  /** Where `queue` goes on; entries before it are spent. */
  queueHead: number
  /** Slots in use. */
  running: number
  /** Finished visits that a compensator can undo, in order. */
  undoable: Undoable[]
  output: Json
  error?: Failure
  usage: Usage
  /** Number of repairs; part of the effect keys. */
  repairs: number
  /** What earlier attempts of this run (or the run it was forked from) have recorded. */
  reuse: ReuseTable | undefined
  /** Paths of nodes whose last visit was not reused, while there is something to reuse; what follows them runs too. */
  readonly fresh: Set<string>
  /** Node that alone is run. */
  readonly only?: string
  /** Node (id or path) before which the run stops; cleared once it is told to go on. */
  pauseAt: string | undefined
  /** Places that `run.waiting` named; empty while the run moves. */
  waitingOn: readonly string[]
}

/** Values of one scope, as its expressions see them. */
export interface ScopeState {
  readonly path: string
  /** Values of the nodes inside and of those outside that may be read, by id. Null prototype. */
  readonly nodes: Record<string, NodeValue>
  /** Null prototype; one object with the outer scope where variables are shared. */
  readonly vars: Record<string, Json>
  /** `prev` of the nodes with which the scope begins. */
  readonly entry: Json
  /** Of the innermost container around that iterates. */
  readonly item?: Json
  readonly index?: number
}

/** What expressions read as `nodes.<id>`. One object per node and scope, changed in place as visits end. */
export interface NodeValue {
  output: Json | undefined
  error: Failure | undefined
  visits: number
}

export type Phase =
  | 'queued' // waits for a slot
  | 'paused' // the run was told to stop before it starts
  | 'evaluating' // its settings are being evaluated
  | 'supervising' // its items are running
  | 'due' // an attempt is about to start; nothing of it is recorded yet
  | 'running' // an attempt is under way
  | 'retrying' // waits for its next attempt
  | 'waiting' // waits for a timer, a person or a signal
  | 'unknown' // a person must say what became of it

/** One visit under way. */
export interface ActiveNode {
  readonly path: string
  readonly id: string
  readonly scope: string
  readonly visit: number
  readonly planned: PlannedNode
  readonly prev: Json
  phase: Phase
  /** Number of the attempt that is due or under way; 1 for the first. */
  attempt: number
  holdsSlot: boolean
  /** Settings as evaluated, once it has started. */
  data: Json
  startedAt: string
  /** The effect that was announced and whose result is not recorded. */
  intent?: { readonly key: string; readonly idempotent: boolean; readonly at: string }
  timer?: { readonly id: string; readonly fireAt: string }
  /** Set on an item of `each`. */
  readonly item?: { readonly index: number; readonly value: Json; readonly owner: ActiveNode }
  /** Set on a node under `each`, once its items are known. */
  each?: EachState
  /** Set on a container whose body runs. */
  body?: BodyState
  /** Set on one run of a container's body; its path is the scope's. */
  readonly iteration?: { readonly index: number; readonly owner: ActiveNode }
  /** Set on a step of an agent. */
  readonly call?: { readonly what: AgentCall; readonly number: number; readonly owner: ActiveNode }
  /** Steps of an agent whose result is recorded, by number. */
  calls?: Map<number, CallRecord>
  /** Set on a compensator: the visit it undoes. */
  readonly undoes?: Undoable
  /** Something before it ran anew, so no record of it may be reused. */
  isFresh: boolean
  /** On an agent: its recorded calls may be reused. */
  reusesCalls?: boolean
  /** It is being cancelled; the event that says so follows. */
  isCancelled?: boolean
}

export interface EachState {
  readonly items: readonly Json[]
  readonly results: Json[]
  next: number
  done: number
  isFresh: boolean
}

/** How far a container is with its body. EXECUTION.md 4. */
export interface BodyState {
  /** Of `for-each`. */
  readonly items?: readonly Json[]
  readonly results: Json[]
  /** Index of the next run of the body. */
  next: number
  done: number
  /** What `prev` is for the conditions and the next run of a loop. */
  last: Json
  /** The condition that is being evaluated. */
  deciding?: 'while' | 'until'
}

export interface CallRecord {
  readonly what: AgentCall
  readonly result: { readonly output: Json } | { readonly error: Failure }
}

export interface Undoable {
  readonly path: string
  readonly visit: number
  readonly compensator: string
  /** The scope with its values as they were left. */
  readonly scope: ScopeState
  readonly output: Json
}

/** The last part of a node path, without the brackets of `each`. */
export function nodeId(path: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1)
  const bracket = last.indexOf('[')
  return bracket === -1 ? last : last.slice(0, bracket)
}

/** The scope part of a node path; empty for the root. */
export function scopeOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function nodePath(scope: string, id: string): string {
  return scope === '' ? id : `${scope}/${id}`
}

/** The effect key of EXECUTION.md 8.2. */
export function effectKey(state: RunState, node: ActiveNode): string {
  const repair = state.repairs > 0 ? `~${String(state.repairs)}` : ''
  return plainKey(state, node) + repair
}

function plainKey(state: RunState, node: ActiveNode): string {
  if (node.call) return `${plainKey(state, node.call.owner)}/call${String(node.call.number)}`
  if (node.item) return `${plainKey(state, node.item.owner)}[${String(node.item.index)}]`
  return `${state.runId}/${node.path}#${String(node.visit)}`
}
