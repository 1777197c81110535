import { hasErrors } from '../../model/diagnostics.ts'
import { defaultConcurrency, type Flow } from '../../model/document.ts'
import { errorPort } from '../../model/edges.ts'
import type { KindRegistry } from '../../model/nodeSpec.ts'
import { checkEdges, type Wiring } from './checkEdges.ts'
import { analyse, type ScopeAnalysis } from './analysis.ts'
import { checkLoops } from './loopRules.ts'
import { checkRaces, checkReach } from './scopeRules.ts'
import type { CompileResult, FlowMachine, MachineMeta, PlannedNode, ScopeMachine } from './machine.ts'
import { planNode, type NodeDraft } from './planNode.ts'
import { checkReads } from './readRules.ts'
import { Reporter } from './reporter.ts'
import { scopeMachine } from './scopeMachine.ts'
import { scopesOf } from './scopes.ts'

/**
 * Compiles a flow to the machines that run it. Pure and deterministic: the same flow gives the same bytes. What is wrong
 * with the flow comes back as diagnostics; `file` is only named in them. EXECUTION.md 10.
 */
export function compile(flow: Flow, kinds: KindRegistry, file: string): CompileResult {
  const reporter = new Reporter(file)
  const drafts = new Map<string, NodeDraft>()
  for (const [id, node] of Object.entries(flow.nodes)) {
    const draft = planNode(id, node, flow.pins?.[id], kinds, reporter)
    if (draft) drafts.set(id, draft)
  }
  checkPins(flow, reporter)
  const wiring = checkEdges(flow, drafts, reporter)
  const scopes = scopesOf(flow, drafts, wiring, reporter)
  const plans = plannedNodes(flow, drafts, wiring)
  const machines = new Map<string, ScopeMachine>()
  const analyses = new Map<string | undefined, ScopeAnalysis>()
  let root: ScopeMachine | undefined
  for (const scope of scopes) {
    const analysis = analyse(scope.graph)
    checkReach(scope, reporter)
    checkLoops(analysis, plans, reporter)
    if (analysis.forest.secondEntries.length > 0) continue
    checkRaces(analysis, scope.container === undefined, flow.nodes, reporter)
    analyses.set(scope.container, analysis)
    const machine = scopeMachine({ scope, analysis, nodes: flow.nodes, plans })
    if (scope.container === undefined) root = machine
    else machines.set(scope.container, machine)
  }
  checkReads({ flow, drafts, plans, scopes: analyses }, reporter)
  const { diagnostics } = reporter
  if (!root || hasErrors(diagnostics)) return { diagnostics }
  return { machine: flowMachine(flow, root, plans, machines), diagnostics }
}

function flowMachine(
  flow: Flow,
  root: ScopeMachine,
  plans: ReadonlyMap<string, PlannedNode>,
  scopes: ReadonlyMap<string, ScopeMachine>,
): FlowMachine {
  const switchyard: MachineMeta = {
    format: 'switchyard.machine/1',
    name: flow.name,
    concurrency: flow.concurrency ?? defaultConcurrency,
    env: flow.env ?? [],
    ...(flow.inputs && { inputs: flow.inputs }),
    nodes: Object.fromEntries(plans),
    scopes: Object.fromEntries(scopes),
  }
  return { ...root, meta: { ...root.meta, switchyard } }
}

/** What only the whole flow tells of a node: its suppliers, whether it is one, and where its failure goes. */
function plannedNodes(flow: Flow, drafts: ReadonlyMap<string, NodeDraft>, wiring: Wiring): Map<string, PlannedNode> {
  const catches = new Set(wiring.tokens.flatMap((edge) => (edge.fromPort === errorPort ? [edge.from] : [])))
  const plans = new Map<string, PlannedNode>()
  for (const id of Object.keys(flow.nodes)) {
    const plan = drafts.get(id)?.plan
    if (!plan) continue
    const supplies = wiring.supplies.get(id)
    const offline = wiring.offline.get(id)
    plans.set(id, {
      ...plan,
      ...(catches.has(id) && { failurePort: errorPort }),
      ...(supplies && { supplies }),
      ...(offline && { offline }),
    })
  }
  return plans
}

function checkPins(flow: Flow, reporter: Reporter): void {
  for (const id of Object.keys(flow.pins ?? {})) {
    if (!Object.hasOwn(flow.nodes, id))
      reporter.report('unknown-node', `The pin "${id}" names a node that is not in the flow.`, { field: `pins.${id}` })
  }
}
