import type { Failure } from './failure.ts'
import type { Json } from './json.ts'

/**
 * One entry of a run's log. The log is the run: state is a fold over it (`reduceRun`). EXECUTION.md 8.1, 11.2.
 * `seq` counts from 1 without gaps inside a run and is the order of the fold; `at` is ISO 8601 in UTC.
 */
export type RunEvent = EventBase & EventBody

export interface EventBase {
  readonly runId: string
  readonly seq: number
  readonly at: string
}

/**
 * Where a node event belongs. `node` is the node path: the node's id, behind the containers it runs in
 * (`each1[3]/fetch`), with `[i]` behind a node under `policy.each`, and `/callN` for the calls of an agent.
 * `visit` counts from 1 in the node's scope. An item of `policy.each` and one run of a container's body (`each1[3]`)
 * have events of their own, within those of the node they belong to.
 */
export interface NodePlace {
  readonly node: string
  readonly visit: number
}

export type EventBody =
  | ({ readonly type: 'run.started' } & RunStarted)
  | { readonly type: 'run.finished'; readonly output: Json }
  | { readonly type: 'run.failed'; readonly error: Failure }
  | { readonly type: 'run.cancelled'; readonly reason?: string }
  /** Only people, signals or timers can move the run on; `on` lists the places. */
  | { readonly type: 'run.waiting'; readonly on: readonly string[] }
  /** The run is driven by another machine, or by repaired data, from here on. */
  | {
      readonly type: 'run.repaired'
      readonly machine: string
      readonly flow?: string
      readonly cause?: string
      /** Whether the other machine may reach outside; absent where the machine stays, and with it what it may do. */
      readonly trusted?: boolean
    }
  | ({ readonly type: 'node.started' } & NodePlace & NodeStarted)
  | ({ readonly type: 'node.finished' } & NodePlace & NodeFinished)
  /** `port`: where the flow goes on in spite of it (`error`, or the port named by onError); else it is fatal to its scope. */
  | ({ readonly type: 'node.failed'; readonly error: Failure; readonly port?: string } & NodePlace)
  /** The attempt failed with `error`; attempt number `attempt` starts at `resumeAt`. */
  | ({
      readonly type: 'node.retrying'
      readonly error: Failure
      readonly attempt: number
      readonly resumeAt: string
    } & NodePlace)
  | ({ readonly type: 'node.skipped' } & NodePlace)
  | ({ readonly type: 'node.cancelled'; readonly reason?: string } & NodePlace)
  | ({
      readonly type: 'node.waiting'
      readonly reason: 'timer' | 'signal' | 'approval'
      readonly until?: string
      readonly detail?: Json
    } & NodePlace)
  /** The intent of an effect stands without a result and repeating it might do harm: a person must say. */
  | ({ readonly type: 'node.unknown'; readonly key: string } & NodePlace)
  /** Journaled before an effect begins. `key` stays the same over attempts and crash re-runs. EXECUTION.md 8.2. */
  | ({
      readonly type: 'effect.intended'
      readonly key: string
      readonly attempt: number
      readonly idempotent: boolean
    } & NodePlace)
  | ({ readonly type: 'timer.set'; readonly timer: string; readonly fireAt: string } & NodePlace)
  | ({ readonly type: 'timer.fired'; readonly timer: string } & NodePlace)
  | { readonly type: 'signal.received'; readonly name: string; readonly key?: string; readonly payload: Json }
  | ({ readonly type: 'log'; readonly level: LogLevel; readonly message: string } & NodePlace)

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface RunStarted {
  /** Workspace-relative path of the flow file, or a name where there is none. */
  readonly flow: string
  readonly name: string
  /** Content hashes (SHA-256, hex) of the flow's canonical text and of the compiled machine, both kept in the store. */
  readonly flowHash: string
  readonly machine: string
  readonly input: Json
  /** Whether the run may reach outside (EXECUTION.md 11.5): what it was allowed when it started holds to its end. */
  readonly trusted?: boolean
  /** Set on child runs and forks. */
  readonly parent?: { readonly runId: string; readonly node?: string; readonly seq?: number }
  /** Set where only part of the flow runs: this node alone, or from it on. */
  readonly only?: string
  /** Id or path of a node before whose first start the run stops until it is resumed. */
  readonly pauseAt?: string
  /** With `only`: what comes in, and the outputs of other nodes that expressions may read. */
  readonly given?: { readonly prev: Json; readonly outputs: Readonly<Record<string, Json>> }
}

export interface NodeStarted {
  /** The settings as evaluated for this visit; retries reuse them. */
  readonly data?: Json
  /** Set on an agent's steps: what is called. */
  readonly call?: AgentCall
}

/** One step of an agent: a turn of its model, or a tool. */
export type AgentCall =
  | { readonly type: 'model'; readonly model: string; readonly turn: number }
  | { readonly type: 'tool'; readonly tool: string; readonly turn: number; readonly callId: string }

export interface NodeFinished {
  readonly port: string
  readonly output: Json
  /** Variables this node has set (EXECUTION.md 2.2, `vars`). */
  readonly vars?: Readonly<Record<string, Json>>
  readonly usage?: Usage
  /** The output was not produced now but taken from a pin, the cache, a pass-through or an earlier run. */
  readonly source?: 'pin' | 'cache' | 'disabled' | 'reused' | 'resolved'
}

/** Model consumption in tokens; cost in US dollars where the price is known. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cost?: number
}

export type EventType = EventBody['type']

/** Not logged: what a running node reports meanwhile, coalesced to one message per 50 ms. */
export interface ProgressMessage {
  readonly runId: string
  readonly node: string
  readonly visit: number
  /** Text streamed since the last message. */
  readonly text?: string
  /** A short line that replaces the last one: `turn 2 of 8`. */
  readonly status?: string
}

/** A value too large for the journal's row, kept once by content. EXECUTION.md 1.5, 8.1. */
export interface BlobRef {
  readonly $blob: string
  readonly mime?: string
  readonly name?: string
  readonly size: number
}
