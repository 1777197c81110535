import type { AgentCall, NodeFinished, RunEvent, Usage } from '../../model/events.ts'
import type { Failure } from '../../model/failure.ts'
import { nodeIdOf } from '../../model/nodePath.ts'
import type { Json } from '../../model/json.ts'

/** One visit of a node with what it read and gave, as the log holds it. */
export interface VisitRecord {
  readonly path: string
  readonly node: string
  readonly visit: number
  readonly startedAt: string
  readonly endedAt?: string
  readonly call?: AgentCall
  /** Settings as evaluated. */
  readonly data?: Json
  readonly output?: Json
  readonly port?: string
  readonly error?: Failure
  readonly cancelled?: boolean
  readonly usage?: Usage
  readonly source?: NonNullable<NodeFinished['source']>
}

/** Every visit of a run, in the order of their starts. */
export function visitsOf(events: readonly RunEvent[]): readonly VisitRecord[] {
  const visits: VisitRecord[] = []
  const open = new Map<string, number>()
  for (const event of events) {
    if (event.type === 'node.started') {
      open.set(`${event.node}#${event.visit}`, visits.length)
      visits.push(startOf(event))
      continue
    }
    if (event.type !== 'node.finished' && event.type !== 'node.failed' && event.type !== 'node.cancelled') continue
    const index = open.get(`${event.node}#${event.visit}`)
    const visit = index === undefined ? undefined : visits[index]
    if (index !== undefined && visit) visits[index] = { ...visit, endedAt: event.at, ...outcomeOf(event) }
  }
  return visits
}

function startOf(event: Extract<RunEvent, { type: 'node.started' }>): VisitRecord {
  const { node, visit, at, data, call } = event
  return {
    path: node,
    node: nodeIdOf(node),
    visit,
    startedAt: at,
    ...(data !== undefined && { data }),
    ...(call && { call }),
  }
}

function outcomeOf(
  event: Extract<RunEvent, { type: 'node.finished' | 'node.failed' | 'node.cancelled' }>,
): Partial<VisitRecord> {
  if (event.type === 'node.cancelled') return { cancelled: true }
  if (event.type === 'node.failed') return { error: event.error, ...(event.port !== undefined && { port: event.port }) }
  const { output, port, usage, source } = event
  return { output, port, ...(usage && { usage }), ...(source && { source }) }
}
