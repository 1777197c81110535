import type { EventBody } from '../../model/events.ts'
import type { Command } from './commands.ts'
import type { ActiveNode, RunState } from './state.ts'

/** What a run that was read back from its log still has to do: EXECUTION.md 8.2, "after a crash". */
export function outstanding(state: RunState): Command[] {
  return [...state.active.values()].flatMap((node) => owed(node))
}

function owed(node: ActiveNode): Command[] {
  const target = { node: node.path, visit: node.visit }
  switch (node.phase) {
    case 'evaluating':
      return [{ type: 'evaluate', ...target }]
    case 'due':
      return node.call ? [] : [{ type: node.planned.role?.type === 'wait' ? 'wait' : 'attempt', ...target }]
    case 'running':
      return runAgain(node)
    case 'retrying':
    case 'waiting':
      return node.timer ? [{ type: 'timer', ...target, timer: node.timer.id, fireAt: node.timer.fireAt }] : []
    case 'supervising':
      return node.body?.deciding ? [{ type: 'decide', ...target }] : []
    case 'queued':
    case 'paused':
    case 'unknown':
      return []
  }
}

/**
 * An intent without a result. A harmless effect runs again; of another one nobody knows what became of it, so a person
 * is asked. An agent's steps are asked for again by the agent itself, which runs again.
 */
function runAgain(node: ActiveNode): Command[] {
  const target = { node: node.path, visit: node.visit }
  const isHarmless = node.intent?.idempotent !== false
  if (!isHarmless) {
    const body: EventBody = { type: 'node.unknown', ...target, key: node.intent?.key ?? '' }
    return [{ type: 'record', body }]
  }
  return node.call ? [] : [{ type: 'effect', ...target }]
}

/** Node paths that only a person or a signal can move on; undefined while anything moves by itself. */
export function stuckOn(state: RunState): string[] | undefined {
  if (state.status !== 'running' && state.status !== 'ending') return undefined
  const stuck: string[] = []
  for (const node of state.active.values()) {
    if (node.phase === 'unknown' || node.phase === 'paused' || (node.phase === 'waiting' && !node.timer))
      stuck.push(node.path)
    else if (!waitsForOthers(state, node)) return undefined
  }
  return stuck.length > 0 ? stuck : undefined
}

/** An owner of items, or an agent, moves as its items and steps do. */
function waitsForOthers(state: RunState, node: ActiveNode): boolean {
  if (node.phase === 'queued' || node.phase === 'supervising') return true
  if (node.planned.role?.type !== 'agent' || node.phase === 'retrying') return false
  return [...state.active.values()].some(
    (other) => (other.item?.owner ?? other.call?.owner) === node && other.phase === 'unknown',
  )
}
