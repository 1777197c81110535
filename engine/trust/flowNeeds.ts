import type { Flow } from '../../model/document.ts'
import { outsideServices, type KindRegistry, type ServiceName } from '../../model/nodeSpec.ts'

/** What a flow could reach if it ran. EXECUTION.md 11.5. */
export interface FlowNeeds {
  /** Outside services that some node asks for, sorted. */
  readonly services: ServiceName[]
  /** Environment variables that expressions may read. */
  readonly env: string[]
}

/**
 * Reads the needs off the document, running nothing. Disabled and unreachable nodes count: one edit away from running.
 * Nodes of unknown kinds need nothing, because a flow with one does not run at all.
 */
export function flowNeeds(flow: Flow, kinds: KindRegistry): FlowNeeds {
  const needed = new Set<ServiceName>()
  for (const node of Object.values(flow.nodes)) {
    for (const service of kinds.get(node.kind)?.needs ?? []) needed.add(service)
  }
  return { services: outsideServices.filter((service) => needed.has(service)).sort(), env: [...(flow.env ?? [])] }
}

/** Whether a flow may run without anyone's trust: it reaches nothing outside. */
export function isHarmless(needs: FlowNeeds): boolean {
  return needs.services.length === 0 && needs.env.length === 0
}
