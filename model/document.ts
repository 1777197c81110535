import type { Edge } from './edges.ts'
import type { Json, JsonObject, JsonSchema } from './json.ts'

/** The one format string this version writes. */
export const flowFormat = 'switchyard.flow/1'

/**
 * A flow in memory: what a `*.flow.json` file says, with edges parsed. Immutable: every edit makes a new one that
 * shares what did not change. EXECUTION.md 1.
 */
export interface Flow {
  readonly format: string
  readonly name: string
  readonly description?: string
  /** JSON Schema (an object schema) of the run's input. */
  readonly inputs?: JsonSchema
  /** Nodes that may run at once; {@link defaultConcurrency} where absent. */
  readonly concurrency?: number
  /** Names of environment variables that expressions may read. */
  readonly env?: readonly string[]
  /** Outputs to use instead of running a node, by node id. */
  readonly pins?: Readonly<Record<string, Pin>>
  /** Null-prototype map, in file order. */
  readonly nodes: Readonly<Record<string, FlowNode>>
  readonly edges: readonly Edge[]
  readonly layout?: Layout
  /** Top-level fields this version does not know; written back as they were. */
  readonly extras?: JsonObject
}

export const defaultConcurrency = 16

/** One node of a flow. */
export interface FlowNode {
  readonly kind: string
  /** Version of the kind's data; 1 where absent. */
  readonly version?: number
  readonly label?: string
  /** Id of the container the node lies in. */
  readonly parent?: string
  /** Passes its input through; `{port}` names the port to finish on where the kind has no `out`. */
  readonly disabled?: boolean | { readonly port: string }
  /** JSON Schema of what a model may fill in, where the node supplies an agent's `tools`. EXECUTION.md 6.3. */
  readonly params?: JsonSchema
  /** The kind's settings as written: templates are not evaluated, defaults not filled. */
  readonly data?: JsonObject
  readonly policy?: Policy
  /** Fields this version does not know; written back as they were. */
  readonly extras?: JsonObject
}

/** An output to use instead of running a node. In the file either `{port, output}` or the bare output value. */
export interface Pin {
  readonly port: string
  readonly output: Json
}

/** What may be declared on every node, whatever its kind. EXECUTION.md 1.4. Durations are texts such as `30s`. */
export interface Policy {
  readonly retry?: RetryPolicy
  /** Per attempt. */
  readonly timeout?: string
  /** Runs the node once per item; `items` is one template hole or a JSON list. */
  readonly each?: { readonly items: Json; readonly concurrency?: number }
  readonly join?: 'all' | 'any'
  readonly onError?: 'stop' | 'continue' | { readonly continue: string }
  /** {@link defaultMaxVisits} where absent. */
  readonly maxVisits?: number
  readonly idempotent?: boolean
  /** Id of the node that undoes this one. */
  readonly compensate?: string
  /** How long a result may be reused for equal settings. */
  readonly cache?: string
}

export const defaultMaxVisits = 1000

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly max: number
  readonly delay?: string
  /** Multiplies the delay after each attempt. */
  readonly factor?: number
  readonly maxDelay?: string
  /** 0 to 1: the share of the delay that is random. */
  readonly jitter?: number
  /** Failure codes to retry; without it every retryable failure is. */
  readonly on?: readonly string[]
}

/** Where things are drawn. Nothing here changes how a flow runs. Canvas units are CSS pixels at 100 %. */
export interface Layout {
  /** `[x, y]`, or `[x, y, width, height]` of a container, by node id. */
  readonly nodes?: Readonly<Record<string, readonly number[]>>
  /** Sticky notes, by an id of their own. */
  readonly notes?: Readonly<Record<string, Note>>
  readonly extras?: JsonObject
}

export interface Note {
  readonly text: string
  /** `[x, y, width, height]` */
  readonly at: readonly number[]
  readonly color?: string
}
