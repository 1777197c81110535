import type { EventBody, RunEvent } from '../../model/events.ts'
import type { FlowMachine } from '../compile/machine.ts'
import type { Command } from './commands.ts'
import type { ActiveNode, RunState } from './state.ts'

/** One step of `advance`: what it reads, what it changes, what it asks for. */
export interface Fold {
  readonly machine: FlowMachine
  readonly state: RunState
  readonly at: string
  readonly commands: Command[]
}

export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>

export function record(fold: Fold, body: EventBody): void {
  fold.commands.push({ type: 'record', body })
}

export function ask(
  fold: Fold,
  type: 'evaluate' | 'attempt' | 'decide' | 'effect' | 'wait' | 'abort',
  node: ActiveNode,
): void {
  fold.commands.push({ type, node: node.path, visit: node.visit })
}
