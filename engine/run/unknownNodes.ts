import type { EventBody } from '../../model/events.ts'
import { NodeFailure } from '../../model/failure.ts'
import { outstanding } from './outstanding.ts'
import type { Refolded } from './refold.ts'
import { hasEnded } from './runResult.ts'
import type { ActiveNode } from './state.ts'

/** The one of these unknown nodes that is meant, by its path or else its id. Fails as `not-unknown`. */
export function findUnknown(unknown: readonly ActiveNode[], name: string): ActiveNode {
  const found = unknown.find((node) => node.path === name) ?? unknown.find((node) => node.id === name)
  if (found) return found
  const others = unknown.map((node) => node.path).join(', ')
  const hint = others === '' ? 'No node of this run is.' : `These are: ${others}.`
  throw new NodeFailure('not-unknown', `The node "${name}" does not wait for an answer. ${hint}`)
}

/**
 * Refuses, before anything of a run is driven, an answer to a node that is not unknown and does not become so as the
 * run is read back: a crash leaves the intent, and `node.unknown` is logged by whoever opens the run next.
 */
export function requireUnknown({ state, owed }: Refolded, name: string): void {
  const coming = outstanding(state).flatMap((command) => (command.type === 'record' ? [command.body] : []))
  const paths = new Set([...owed, ...coming].flatMap(unknownPath))
  const unknown = [...state.active.values()].filter((node) => node.phase === 'unknown' || paths.has(node.path))
  findUnknown(hasEnded(state) ? [] : unknown, name)
}

const unknownPath = (body: EventBody): string[] => (body.type === 'node.unknown' ? [body.node] : [])
