import type { Diagnostic } from '../../model/diagnostics.ts'
import type { Edge } from '../../model/edges.ts'
import type { Json, JsonObject, JsonSchema } from '../../model/json.ts'
import type { Pin } from '../../model/document.ts'
import type { Role } from '../../model/nodeSpec.ts'
import type { ScopeTokens } from './scopeTokens.ts'

/** What `compile` returns. `machine` is absent where a diagnostic is an error. EXECUTION.md 10.1. */
export interface CompileResult {
  readonly machine?: FlowMachine
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The compiled flow: plain JSON, deterministic bytes, accepted as it is by XState's `createMachine` (after
 * `setup({actors, guards, actions})`). It is the root scope's machine; the machines of containers, and everything the
 * engine needs to run the nodes, stand in `meta.switchyard`, so that a stored machine runs without its flow file.
 */
export type FlowMachine = ScopeMachine & { readonly meta: { readonly switchyard: MachineMeta } }

/** A machine of one scope: an XState v5 config that is plain JSON. */
export interface ScopeMachine {
  readonly id: string
  readonly initial: string
  /** Where nodes run by in-degree counts: the counts to begin with. */
  readonly context?: { readonly inDegrees: Readonly<Record<string, number>> }
  readonly entry: 'begin'
  readonly on?: JsonObject
  readonly states: JsonObject
  readonly meta: { readonly tokens: ScopeTokens }
}

export interface MachineMeta {
  readonly format: 'switchyard.machine/1'
  readonly name: string
  readonly concurrency: number
  readonly env: readonly string[]
  readonly inputs?: JsonSchema
  /** Every node of the flow, containers' bodies included, in file order. */
  readonly nodes: Readonly<Record<string, PlannedNode>>
  /** Machines of containers' bodies, by the container's id. */
  readonly scopes: Readonly<Record<string, ScopeMachine>>
}

/** A node as the engine runs it: migrated, defaults filled, durations in milliseconds. */
export interface PlannedNode {
  readonly kind: string
  readonly version: number
  readonly role?: Role
  readonly label?: string
  /** Container the node lies in. */
  readonly parent?: string
  /** Settings with templates unevaluated. */
  readonly data: JsonObject
  /** No effects: start and finish share one commit. */
  readonly pure?: boolean
  /** Output ports in order, `error` left out. */
  readonly ports: readonly string[]
  /** Where the flow goes on after the final failure: `error` with an edge on it, or the port of `onError`. */
  readonly failurePort?: string
  /** Port to finish on without running. */
  readonly disabled?: string
  readonly pin?: Pin
  readonly policy?: PlannedPolicy
  readonly params?: JsonSchema
  /** Suppliers wired to this node's supply ports: port to node ids, in file order. */
  readonly supplies?: Readonly<Record<string, readonly string[]>>
  /** Takes no tokens: it supplies another node, or undoes one. */
  readonly offline?: 'supplier' | 'compensator'
}

export interface PlannedPolicy {
  readonly retry?: {
    readonly max: number
    readonly delayMs: number
    readonly factor: number
    readonly maxDelayMs?: number
    readonly jitter: number
    readonly on?: readonly string[]
  }
  readonly timeoutMs?: number
  readonly each?: { readonly items: Json; readonly concurrency: number }
  readonly idempotent?: boolean
  readonly compensate?: string
  readonly cacheMs?: number
  readonly maxVisits?: number
}

/** In-memory companion of the analysis: which edges a machine's node has. Not part of the JSON. */
export type EdgesByNode = ReadonlyMap<string, { readonly in: readonly Edge[]; readonly out: readonly Edge[] }>
