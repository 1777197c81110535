import { NodeFailure } from '../../model/failure.ts'
import type { Flow } from '../../model/document.ts'
import type { RunEvent } from '../../model/events.ts'
import { parseFlow } from '../../model/flowFile.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { RequestParams, RequestResults } from '../../model/protocol.ts'
import type { Scope } from '../run/scope.ts'
import type { NodeValue } from '../run/state.ts'
import { evaluateSettings, planSettings } from '../run/settings.ts'
import type { EngineParts } from './engineParts.ts'
import { flowText } from './flowSource.ts'

/** Evaluates one template as the node would see it after the run given, in the sandbox and with nothing else run. */
export async function previewExpression(
  parts: EngineParts,
  { flow: source, node, template, runId }: RequestParams<'expression.preview'>,
): Promise<RequestResults['expression.preview']> {
  const { flow } = parseFlow(await flowText(parts, source), source.path)
  if (!flow)
    return { error: { code: 'bad-flow', message: 'The flow has errors, so its expressions cannot be evaluated.' } }
  const events = runId === undefined ? [] : (await parts.runs()).readRun(runId).events
  const plan = planSettings(template, { verbatim: [], expressions: [] })
  try {
    return { value: await evaluateSettings(plan, previewScope(flow, node, events, parts), await parts.sandbox()) }
  } catch (error) {
    if (error instanceof NodeFailure) return { error: { code: error.code, message: error.message } }
    throw error
  }
}

/** What expressions of a node could read when the run stood where it stands. The environment is never read here. */
function previewScope(flow: Flow, node: string, events: readonly RunEvent[], { now, kinds }: EngineParts): Scope {
  const nodes: Record<string, NodeValue> = Object.fromEntries(
    Object.keys(flow.nodes).map((id): [string, NodeValue] => [id, { output: undefined, error: undefined, visits: 0 }]),
  )
  for (const event of events) applyEvent(nodes, event)
  const vars = Object.assign(
    {},
    ...events.map((event) => (event.type === 'node.finished' ? event.vars : undefined)),
  ) as JsonObject
  const started = events.find((event) => event.type === 'run.started')
  const input = isJsonObject(started?.input) ? started.input : {}
  const today = new Date(now()).toISOString()
  const prev = kinds.get(flow.nodes[node]?.kind ?? '')?.role?.type === 'start' ? input : prevOf(flow, node, nodes)
  return {
    input,
    nodes,
    prev,
    vars,
    run: { id: started?.runId ?? '', startedAt: started?.at ?? today },
    env: {},
    now: today,
  }
}

function applyEvent(nodes: Record<string, NodeValue>, event: RunEvent): void {
  const values = 'node' in event && Object.hasOwn(nodes, event.node) ? nodes[event.node] : undefined
  if (!values) return
  if (event.type === 'node.started') values.visits += 1
  if (event.type === 'node.finished') values.output = event.output
  if (event.type === 'node.failed') values.error = event.error
}

/** Outputs over the edges into the node: one as it is, several by node id. */
function prevOf(flow: Flow, node: string, nodes: Readonly<Record<string, NodeValue>>): Json {
  const sources = flow.edges
    .filter((edge) => edge.to === node && nodes[edge.from]?.output !== undefined)
    .map((edge) => edge.from)
  const outputs = [...new Set(sources)].map((id): [string, Json] => [id, nodes[id]?.output ?? null])
  return outputs.length > 1 ? Object.fromEntries(outputs) : (outputs[0]?.[1] ?? null)
}
