import type { AnyMachineSnapshot } from 'xstate'

/**
 * The contract between the token machines (XState, one per scope) and the rest of the pure core. Token rules are
 * EXECUTION.md 3; a node is a black box here: it is started, and it ends on a port.
 *
 * A scope path is `''` for the root, else the container's node path with the iteration in brackets
 * (`each1[3]`, `loop1[0]`, `try1[0]`, `each1[3]/try1[0]`). A node path is scope path, `/`, node id.
 */
export interface TokenState {
  /** One persisted-shape XState snapshot per open scope, by scope path. */
  readonly scopes: Readonly<Record<string, AnyMachineSnapshot>>
}

export type TokenEvent =
  /** Starts a scope's machine. `container` is the node id whose body it is; absent for the root. */
  | { readonly type: 'open'; readonly scope: string; readonly container?: string; readonly trigger?: string }
  /** The node ended on this port (`error` and onError's port included). */
  | { readonly type: 'finished'; readonly node: string; readonly visit: number; readonly port: string }
  /** Gives the scope up (failure or cancel): everything unfinished in it is cancelled. */
  | { readonly type: 'close'; readonly scope: string }

export type TokenCommand =
  /** The node is ready. Commands stand in file order of the nodes that became ready together. */
  | { readonly type: 'start'; readonly node: string; readonly visit: number; readonly prev: readonly Predecessor[] }
  | { readonly type: 'skip'; readonly node: string }
  | { readonly type: 'cancel'; readonly node: string; readonly visit: number }
  /** The header would start once more than `maxVisits` allows: it fails with `loop-limit`. */
  | { readonly type: 'exceed'; readonly node: string; readonly visit: number }
  /** The scope has ended: by its first `return`, or by its leaves (finished nodes without a live out-edge, in file order). */
  | { readonly type: 'ended'; readonly scope: string; readonly returned?: string; readonly leaves: readonly string[] }

/** A live edge into a node that starts: whose output `prev` is. */
export interface Predecessor {
  readonly node: string
  readonly port: string
}
