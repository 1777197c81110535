import type { AnyMachineSnapshot } from 'xstate'

/**
 * The contract between the token machines (XState, one per scope) and the rest of the pure core. Token rules are
 * EXECUTION.md 3; a node is a black box here: it is started, and it ends on a port.
 *
 * A scope path is `''` for the root, else the container's node path with the iteration in brackets
 * (`each1[3]`, `loop1[0]`, `try1[0]`, `each1[3]/try1[0]`). A node path is scope path, `/`, node id; in the root it is the id.
 */
export interface TokenState {
  /** One XState snapshot per open scope, by scope path. They hold ports and counts, and are rebuilt from the log. */
  readonly scopes: Readonly<Record<string, AnyMachineSnapshot>>
}

/**
 * What has happened. An event that comes too late changes nothing and leads to nothing: the end of a node whose scope
 * has ended, that was cancelled, or that has gone on to another visit.
 */
export type TokenEvent =
  /**
   * Starts a scope's machine. `container` is the node id whose body it is; absent for the root. `trigger` is the node id
   * of the trigger that fired; without it the start node starts (or, in a flow without one, the first trigger).
   */
  | { readonly type: 'open'; readonly scope: string; readonly container?: string; readonly trigger?: string }
  /** The node ended on this port (`error` and onError's port included). A failure without a port closes the scope. */
  | { readonly type: 'finished'; readonly node: string; readonly visit: number; readonly port: string }
  /** Gives the scope up (failure or cancel), with all scopes inside it: what runs in them is cancelled. */
  | { readonly type: 'close'; readonly scope: string }

/**
 * What follows, in this order: cancels (bodies of a cancelled container first), skips, starts and exceeds together, the
 * end of the scope. Within each the order is that of the file; equal logs give equal commands.
 */
export type TokenCommand =
  /** The node is ready. */
  | { readonly type: 'start'; readonly node: string; readonly visit: number; readonly prev: readonly Predecessor[] }
  | { readonly type: 'skip'; readonly node: string }
  /**
   * The visit is of no use any more: a join `any` went on without it, or its scope has ended. A node that a lost race
   * cancels before it has started is named with the visit it would have had.
   */
  | { readonly type: 'cancel'; readonly node: string; readonly visit: number }
  /**
   * The header would start once more than `maxVisits` allows: it fails with `loop-limit`. To the machine this visit is
   * under way, so it ends like any other: by `finished` on the failure's port, or by `close`.
   */
  | { readonly type: 'exceed'; readonly node: string; readonly visit: number }
  /**
   * The scope has ended and is dropped: by its first `return`, or by its leaves (finished nodes without a live out-edge,
   * in file order; empty after a return). Bodies inside it that still ran were cancelled.
   */
  | { readonly type: 'ended'; readonly scope: string; readonly returned?: string; readonly leaves: readonly string[] }

/** A live edge into a node that starts: whose output `prev` is. `node` is a node path; each node stands once, in file order. */
export interface Predecessor {
  readonly node: string
  readonly port: string
}
