import type { Flow } from '../../model/document.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { kinds } from '../kinds.ts'
import { schemaType, valueType } from './typeText.ts'
import type { Json } from '../../model/json.ts'
import type { RunState } from '../../model/runState.ts'

/**
 * TypeScript declarations of the scope of a node's expressions (EXECUTION.md 2.2): inputs from the flow's schema, outputs
 * from the kinds' output schemas where those say something, else from the values of the run shown.
 */
export function declarationsFor(flow: Flow, node: string, run: RunState): string {
  const nodes = Object.keys(flow.nodes).map((id) => `  ${id}: NodeScope<${outputType(flow, id, run)}>`)
  const env = (flow.env ?? []).map((name) => `${JSON.stringify(name)}: string`)
  return [
    'interface NodeScope<Output> {',
    '  /** What the node gave at its last finished visit; undefined before. */',
    '  readonly output: Output',
    '  readonly error?: { code: string; message: string; retryable: boolean; details?: any }',
    '  /** How often the node was started. */',
    '  readonly visits: number',
    '}',
    '/** What the run was started with. */',
    `declare const input: ${flow.inputs ? schemaType(flow.inputs) : 'any'}`,
    '/** Every node of the flow, by id. */',
    'declare const nodes: {',
    ...nodes,
    '}',
    '/** What came in: the output of the node before. */',
    `declare const prev: ${prevType(flow, node, run)}`,
    '/** The item of an iteration. */',
    'declare const item: any',
    '/** The number of the item, from 0. */',
    'declare const index: number',
    '/** What set-variable nodes have set. */',
    `declare const vars: ${Object.keys(run.vars).length === 0 ? 'Record<string, any>' : valueType({ ...run.vars })}`,
    'declare const run: { readonly id: string; readonly startedAt: string }',
    `declare const env: { ${env.join('; ')} }`,
    'declare const now: string',
    '/** What a model filled in, where this node is a tool. */',
    `declare const args: ${flow.nodes[node]?.params ? schemaType(flow.nodes[node].params) : 'any'}`,
  ].join('\n')
}

function outputType(flow: Flow, id: string, run: RunState): string {
  const seen = run.nodes[run.latest[id] ?? id]?.output ?? flow.pins?.[id]?.output
  const declared = declaredType(flow, id)
  if (seen === undefined) return declared
  // A schema that leaves parts open says less than the value that was really seen.
  return /\bany\b/.test(declared) ? mergedType(declared, seen) : declared
}

function mergedType(declared: string, seen: Json): string {
  const observed = valueType(seen)
  return declared === 'any' ? observed : `${observed} & ${declared}`
}

function declaredType(flow: Flow, id: string): string {
  const node = flow.nodes[id]
  const spec = node && kinds.get(node.kind)
  if (!node || !spec) return 'any'
  if (spec.role?.type === 'start') return flow.inputs ? schemaType(flow.inputs) : 'any'
  try {
    return schemaType(spec.output(nodeFace(node).data))
  } catch (error) {
    // Half-filled settings may not be what the kind's function expects.
    if (error instanceof TypeError) return 'any'
    throw error
  }
}

/** The outputs of the nodes that lead here; with several, an object by id (or the one that was taken). */
function prevType(flow: Flow, node: string, run: RunState): string {
  const before = [
    ...new Set(flow.edges.filter((edge) => edge.to === node && edge.toPort === 'in').map((edge) => edge.from)),
  ]
  const [only] = before
  if (only === undefined) return 'any'
  return before.length === 1 ? outputType(flow, only, run) : 'any'
}
