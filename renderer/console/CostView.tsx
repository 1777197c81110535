import { Coins } from 'lucide-react'
import { useMemo } from 'react'
import { nodeIdOf, ownerOf } from '../../model/nodePath.ts'
import type { RunEvent, Usage } from '../../model/events.ts'
import { EmptyState } from '../controls/EmptyState.tsx'
import { formatCost, formatCount } from '../controls/format.ts'
import { useShownRun } from '../runs/shownState.ts'
import { useDocuments } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import styles from './CostView.module.css'
import { laneLabel } from './laneLabel.ts'

interface NodeUsage {
  readonly node: string
  readonly calls: number
  readonly usage: Usage
}

/** Tokens and money per node of a run. A call of an agent counts for the agent; what an agent itself reports, its calls have told. */
export function usageByNode(events: readonly RunEvent[]): readonly NodeUsage[] {
  const withCalls = new Set(
    events.flatMap((event) => (event.type === 'node.started' && event.call ? [ownerOf(event.node) ?? event.node] : [])),
  )
  const byNode = new Map<string, NodeUsage>()
  for (const event of events) {
    if (event.type !== 'node.finished' || !event.usage || withCalls.has(event.node)) continue
    const owner = ownerOf(event.node)
    const node = nodeIdOf(owner !== undefined && withCalls.has(owner) ? owner : event.node)
    const before = byNode.get(node)
    byNode.set(node, {
      node,
      calls: (before?.calls ?? 0) + 1,
      usage: before ? sum(before.usage, event.usage) : event.usage,
    })
  }
  return [...byNode.values()]
}

function sum(a: Usage, b: Usage): Usage {
  const tokens = { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens }
  const cost = (a.cost ?? 0) + (b.cost ?? 0)
  return a.cost === undefined && b.cost === undefined ? tokens : { ...tokens, cost }
}

/** What the models of the run on the canvas have used. */
export function CostView() {
  const path = useDocuments((state) => state.active)
  const events = useShownRun(path)?.events
  const rows = useMemo(() => usageByNode(events ?? []), [events])
  if (rows.length === 0) {
    return (
      <EmptyState icon={<Coins size={22} />} title="No model was called">
        Tokens, and the cost where the price is known, stand here per node.
      </EmptyState>
    )
  }
  const total = rows.map((row) => row.usage).reduce(sum)
  return (
    <div className={styles['view']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th>Node</th>
            <th>Calls</th>
            <th>Tokens in</th>
            <th>Tokens out</th>
            <th>Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <UsageRow key={row.node} row={row} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>Total</td>
            <td>{formatCount(rows.reduce((calls, row) => calls + row.calls, 0))}</td>
            <UsageCells usage={total} />
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

function UsageRow({ row }: { readonly row: NodeUsage }) {
  const label = useDocuments((state) => laneLabel(state, { path: row.node, node: row.node }))
  return (
    <tr>
      <td>
        <button type="button" onClick={() => selectionStore.getState().reveal(row.node)}>
          {label}
        </button>
      </td>
      <td>{formatCount(row.calls)}</td>
      <UsageCells usage={row.usage} />
    </tr>
  )
}

function UsageCells({ usage }: { readonly usage: Usage }) {
  return (
    <>
      <td>{formatCount(usage.inputTokens)}</td>
      <td>{formatCount(usage.outputTokens)}</td>
      <td title={usage.cost === undefined ? 'The price of this model is not known' : undefined}>
        {usage.cost === undefined ? '–' : formatCost(usage.cost)}
      </td>
    </>
  )
}
