import type { EventBody } from '../../model/events.ts'

/** What `advance` wants done. Nodes are named by path and visit, so that a command that came too late is noticed. */
export type Command =
  /** Log this event: it follows from what was folded, and is folded itself before anything else. */
  | { readonly type: 'record'; readonly body: EventBody }
  /** Evaluate the settings and record `node.started` with them (or the failure). */
  | ({ readonly type: 'evaluate' } & Target)
  /** Start an attempt: run a pure node, or record the intent of an effect. */
  | ({ readonly type: 'attempt' } & Target)
  /** Evaluate the condition that the container waits for and record what follows from it. */
  | ({ readonly type: 'decide' } & Target)
  /** Run the effect whose intent stands, once it is committed. */
  | ({ readonly type: 'effect' } & Target)
  /** Compute when the wait ends and record `timer.set`. */
  | ({ readonly type: 'wait' } & Target)
  /** Record `timer.fired` at this time. */
  | ({ readonly type: 'timer'; readonly timer: string; readonly fireAt: string } & Target)
  /** Abort what runs and forget its timers; its results are of no use any more. */
  | ({ readonly type: 'abort' } & Target)

export interface Target {
  readonly node: string
  readonly visit: number
}
