import type { Flow } from '../../model/document.ts'
import { errorPort } from '../../model/edges.ts'
import { readsOfBody, readsOfTemplate, type NodeRead, type Reads } from '../../model/expressions/reads.ts'
import { templatesIn } from '../../model/expressions/settings.ts'
import { pathBetween, type ScopeAnalysis } from './analysis.ts'
import { Assignment } from './assignment.ts'
import type { PlannedNode } from './machine.ts'
import type { NodeDraft } from './planNode.ts'
import type { Reporter } from './reporter.ts'

export interface ReadParts {
  readonly flow: Flow
  readonly drafts: ReadonlyMap<string, NodeDraft>
  readonly plans: ReadonlyMap<string, PlannedNode>
  /** By container; the top level under undefined. */
  readonly scopes: ReadonlyMap<string | undefined, ScopeAnalysis>
}

/** Checks what expressions read of other nodes: that they exist, and that they have finished. EXECUTION.md 10.4. */
export function checkReads(parts: ReadParts, reporter: Reporter): void {
  const rules = new ReadRules(parts, reporter)
  for (const [id, draft] of parts.drafts) {
    if (!draft.plan) continue
    for (const [field, reads] of readsByField(draft)) rules.check(id, field, reads.nodes)
  }
}

function* readsByField({ spec, plan }: NodeDraft): Generator<[string, Reads]> {
  if (!plan) return
  for (const { path, parsed } of templatesIn(plan.data, spec.verbatim)) {
    if ('template' in parsed) yield [`data.${path}`, readsOfTemplate(parsed.template)]
  }
  for (const field of spec.fields) {
    const source = field.editor === 'code' ? plan.data[field.name] : undefined
    if (typeof source === 'string') yield [`data.${field.name}`, readsOfBody(source)]
  }
  for (const { parsed } of templatesIn(plan.policy?.each?.items ?? null)) {
    if ('template' in parsed) yield ['policy.each.items', readsOfTemplate(parsed.template)]
  }
}

class ReadRules {
  private readonly parts: ReadParts
  private readonly reporter: Reporter
  private readonly numbers = new Map<ScopeAnalysis, Map<string, number>>()
  private readonly assignments = new Map<ScopeAnalysis, Assignment>()

  constructor(parts: ReadParts, reporter: Reporter) {
    this.parts = parts
    this.reporter = reporter
  }

  check(id: string, field: string, reads: readonly NodeRead[]): void {
    const seen = new Set<string>()
    for (const read of reads) {
      if (!Object.hasOwn(this.parts.flow.nodes, read.id)) {
        this.reporter.report('unknown-node', `Node "${id}" reads "nodes.${read.id}", which is not in the flow.`, {
          node: id,
          field,
        })
        continue
      }
      if (read.exempt || read.field !== 'output' || seen.has(read.id)) continue
      seen.add(read.id)
      const path = this.unsetPath(id, read.id)
      if (!path) continue
      const how = path.length > 1 ? ` On the way ${path.join(' → ')} it has not.` : ''
      this.reporter.report(
        'reads-unset',
        `Node "${id}" reads the output of "${read.id}", which may not have finished.${how} Wire the nodes, or read it with ?. or ??.`,
        { node: id, field, path },
      )
    }
  }

  /** A way to the reader on which the source has not finished. */
  private unsetPath(reader: string, source: string): string[] | undefined {
    const { flow, scopes } = this.parts
    const scope = scopes.get(flow.nodes[source]?.parent)
    if (!scope) return undefined
    const numbers = this.numbersOf(scope)
    const readers = this.standIns(reader, flow.nodes[source]?.parent)
    if (readers === 'later') return undefined
    if (readers.length === 0) return [source, reader]
    const from = numbers.get(source)
    for (const one of readers) {
      const to = numbers.get(one)
      if (to === undefined || scope.graph.isReachable[to] !== true) continue
      if (from === undefined || scope.graph.isReachable[from] !== true) return [source, reader]
      const way = this.assignment(scope).unsetPath(from, to)
      if (way) return this.fromStart(scope, way)
    }
    return undefined
  }

  /**
   * The nodes of the source's scope in whose place the reader reads: itself, the container it lies in, the agents it
   * supplies. None where the source is hidden in another container; `later` for a compensator, which runs at the end.
   */
  private standIns(reader: string, scope: string | undefined): string[] | 'later' {
    const { flow, plans } = this.parts
    const offline = plans.get(reader)?.offline
    if (offline === 'compensator') return 'later'
    if (offline === 'supplier') {
      const agents = [...plans].flatMap(([id, plan]) =>
        Object.values(plan.supplies ?? {}).some((list) => list.includes(reader)) ? [id] : [],
      )
      return agents.flatMap((agent) => this.standIns(agent, scope))
    }
    for (let at: string | undefined = reader; at !== undefined; at = flow.nodes[at]?.parent) {
      if (flow.nodes[at]?.parent === scope) return [at]
    }
    return []
  }

  private fromStart({ graph, isBack }: ScopeAnalysis, way: readonly number[]): string[] {
    const [first = 0] = way
    const forward = (node: number): number[] =>
      (graph.out[node] ?? []).flatMap((edge) => (isBack(edge) ? [] : [edge.to]))
    const [entry = first] = graph.entries
    const before = pathBetween(entry, (node) => node === first, forward) ?? [first]
    return [...before, ...way.slice(1)].map((node) => graph.ids[node] ?? '')
  }

  private assignment(scope: ScopeAnalysis): Assignment {
    let assignment = this.assignments.get(scope)
    if (!assignment) {
      const { flow, plans, scopes } = this.parts
      const idOf = (node: number): string => scope.graph.ids[node] ?? ''
      assignment = new Assignment({
        analysis: scope,
        joinsAny: (node) => flow.nodes[idOf(node)]?.policy?.join === 'any',
        hasLoosePort: (node) => {
          const used = new Set((scope.graph.out[node] ?? []).map((edge) => edge.port))
          return plans.get(idOf(node))?.ports.some((port) => port !== errorPort && !used.has(port)) ?? true
        },
        startsAll: scopes.get(undefined) !== scope,
      })
      this.assignments.set(scope, assignment)
    }
    return assignment
  }

  private numbersOf(scope: ScopeAnalysis): Map<string, number> {
    let numbers = this.numbers.get(scope)
    if (!numbers) {
      numbers = new Map(scope.graph.ids.map((id, index) => [id, index]))
      this.numbers.set(scope, numbers)
    }
    return numbers
  }
}
