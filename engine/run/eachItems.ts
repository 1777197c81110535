import type { Json } from '../../model/json.ts'
import { cancelVisit } from './cancelVisits.ts'
import { ask, record, type EventOf, type Fold } from './fold.ts'
import type { ActiveNode } from './state.ts'
import { newItem } from './visits.ts'

/** `policy.each`: one visit as a list of items, each with attempts of its own. EXECUTION.md 1.4. */

/** Starts as many items as may run together; ends the visit where none is left. */
export function startNextItems(fold: Fold, owner: ActiveNode): void {
  owner.phase = 'supervising'
  const each = (owner.each ??= { items: itemsOf(owner.data), results: [], next: 0, done: 0, isFresh: false })
  const limit = owner.planned.policy?.each?.concurrency ?? 1
  while (each.next < each.items.length && each.next - each.done < limit) {
    const index = each.next++
    const item = newItem(fold, owner, index, each.items[index] ?? null)
    item.phase = 'evaluating'
    ask(fold, 'evaluate', item)
  }
  if (each.done === each.items.length) finishOwner(fold, owner, each.results)
}

export function onItemFinished(fold: Fold, item: ActiveNode, output: Json): void {
  const owner = item.item?.owner
  if (!item.item || !owner?.each) return
  owner.each.results[item.item.index] = output
  owner.each.done++
  if (item.isFresh) owner.isFresh = true
  startNextItems(fold, owner)
}

/** The first item that fails for good fails the node; the others are cancelled. */
export function onItemFailed(fold: Fold, item: ActiveNode, event: EventOf<'node.failed'>): void {
  const owner = item.item?.owner
  if (!owner || fold.state.active.get(owner.path) !== owner) return
  for (const other of [...fold.state.active.values()]) {
    if (other.item?.owner === owner) cancelVisit(fold, other, 'another item failed')
  }
  const port = event.error.code === 'internal-error' ? undefined : owner.planned.failurePort
  record(fold, {
    type: 'node.failed',
    node: owner.path,
    visit: owner.visit,
    error: { ...event.error, node: owner.path },
    ...(port !== undefined && { port }),
  })
}

function finishOwner(fold: Fold, owner: ActiveNode, results: Json[]): void {
  record(fold, {
    type: 'node.finished',
    node: owner.path,
    visit: owner.visit,
    port: owner.planned.ports[0] ?? 'out',
    output: results,
  })
}

function itemsOf(data: Json): readonly Json[] {
  const items = typeof data === 'object' && data !== null && !Array.isArray(data) ? data['items'] : undefined
  return Array.isArray(items) ? items : []
}
