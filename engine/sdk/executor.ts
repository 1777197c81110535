import type { AgentCall, LogLevel, Usage } from '../../model/events.ts'
import type { Json, JsonObject, JsonSchema } from '../../model/json.ts'
import type { Services } from './services.ts'

/**
 * Runs one attempt of one node: `nodes/<kind>/execute.ts` exports one as `execute`. It gets settings whose templates
 * are evaluated, and only the services its spec names. It throws `NodeFailure` for what may be expected to go wrong;
 * anything else thrown is a bug. On abort it frees everything within a second and rejects with the signal's reason.
 */
export type Executor<Data = Record<string, unknown>> = (call: ExecutorCall<Data>) => Promise<ExecutorResult>

export interface ExecutorCall<Data = Record<string, unknown>> {
  /**
   * Evaluated settings: the planned data with defaults filled, its templates replaced by their values and nothing else
   * changed. The executor parses them with `parseSettings`, because a template may evaluate to anything.
   */
  readonly data: Data
  /** What came in over the live in-edges (`prev` of EXECUTION.md 2.2). */
  readonly prev: Json
  /** Everything expressions see here (EXECUTION.md 2.2), for kinds that need the `sandbox`; absent for the others. */
  readonly scope?: JsonObject
  readonly services: Services
  readonly signal: AbortSignal
  /** The effect's key, the same over attempts and crash re-runs. EXECUTION.md 8.2. */
  readonly key: string
  readonly attempt: number
  readonly progress: Progress
  /** Writes a `log` event for this node. */
  readonly log: (level: LogLevel, message: string) => void
}

/** Reports what a running node does; not journaled. */
export interface Progress {
  /** Appends streamed text. */
  text(delta: string): void
  /** Replaces the node's status line. */
  status(line: string): void
}

export interface ExecutorResult {
  /** `out` where absent. */
  readonly port?: string
  readonly output: Json
  /** Variables set by this node. */
  readonly vars?: Readonly<Record<string, Json>>
  /** What this node consumed beyond its recorded steps; an agent's turns carry their own. */
  readonly usage?: Usage
}

/** A supplier wired to an agent's `tools` port, as the agent sees it. */
export interface Tool {
  /** Node id of the supplier; unique among the agent's tools. */
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments: the supplier's `params`; an object without properties where it has none. */
  readonly parameters: JsonSchema
}

/**
 * Journaled steps of an agent. Each call gets number `n` (from 1) and key `<node key>/calln`; after a crash a call with
 * a recorded result returns it at once, so an agent's executor simply runs again from its beginning.
 */
export interface AgentSteps {
  readonly tools: readonly Tool[]
  /** Runs a supplier with arguments a model gave. A failure of the tool is a value: it goes back to the model. */
  callTool(
    call: Extract<AgentCall, { type: 'tool' }>,
    args: JsonObject,
  ): Promise<{ output: Json } | { error: { code: string; message: string } }>
  /** Records a model turn: runs `turn` unless its result is recorded already. */
  modelTurn<T extends Json>(
    call: Extract<AgentCall, { type: 'model' }>,
    turn: () => Promise<{ output: T; usage?: Usage }>,
  ): Promise<T>
}
