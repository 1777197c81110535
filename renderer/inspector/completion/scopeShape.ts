import type { Flow } from '../../../model/document.ts'
import type { Json } from '../../../model/json.ts'
import type { RunState } from '../../../model/runState.ts'
import { nodeFace } from '../../canvas/nodeFace.ts'
import { kinds } from '../../kinds.ts'
import { joinShapes, shapeOfSchema, shapeOfValue, unknownShape, type Shape } from './shape.ts'

/** The names that expressions of a node may read, with all that schemas and the run shown tell of them. EXECUTION.md 2.2. */
export function scopeShape(flow: Flow, node: string, run: RunState): Shape {
  const own = flow.nodes[node]
  const entries: [string, Shape][] = [
    ['prev', prevShape(flow, node, run)],
    [
      'nodes',
      { type: 'every node', parts: new Map(Object.keys(flow.nodes).map((id) => [id, nodeShape(flow, id, run)])) },
    ],
    ['input', inputShape(flow, run)],
    ...(own?.policy?.each === undefined && own?.parent === undefined ? [] : iterationScope()),
    ['vars', shapeOfValue({ ...run.vars })],
    ['run', objectShape({ id: 'string', startedAt: 'string' })],
    ['env', objectShape(Object.fromEntries((flow.env ?? []).map((name) => [name, 'string'])))],
    ['now', { type: 'string', parts: new Map() }],
    ...(own?.params ? [['args', shapeOfSchema(own.params)] satisfies [string, Shape]] : []),
  ]
  return { type: 'object', parts: new Map(entries) }
}

function iterationScope(): [string, Shape][] {
  return [
    ['item', { ...unknownShape, note: 'the item of this iteration' }],
    ['index', { type: 'number', parts: new Map() }],
  ]
}

function objectShape(types: Readonly<Record<string, string>>): Shape {
  return {
    type: 'object',
    parts: new Map(Object.entries(types).map(([name, type]) => [name, { type, parts: new Map() }])),
  }
}

function nodeShape(flow: Flow, id: string, run: RunState): Shape {
  const node = flow.nodes[id]
  const title = node ? nodeFace(node).title : id
  const failure = objectShape({ code: 'string', message: 'string', retryable: 'boolean' })
  const parts = new Map<string, Shape>([
    ['output', outputShape(flow, id, run)],
    ['error', failure],
    ['visits', { type: 'number', parts: new Map() }],
  ])
  return { type: title, parts }
}

/** What a node gives: as its kind declares, joined with what it gave in the run shown. */
function outputShape(flow: Flow, id: string, run: RunState): Shape {
  const seen: Json | undefined = run.nodes[run.latest[id] ?? id]?.output ?? flow.pins?.[id]?.output
  const told = declaredShape(flow, id)
  return seen === undefined ? told : joinShapes(told, shapeOfValue(seen))
}

function declaredShape(flow: Flow, id: string): Shape {
  const node = flow.nodes[id]
  const spec = node && kinds.get(node.kind)
  if (!node || !spec) return unknownShape
  if (spec.role?.type === 'start') return shapeOfSchema(flow.inputs)
  const listed = node.policy?.each !== undefined
  try {
    const shape = shapeOfSchema(spec.output(nodeFace(node).data))
    return listed ? { type: 'array', parts: new Map(), item: shape } : shape
  } catch (error) {
    // Half-filled settings may not be what the kind's function expects.
    if (error instanceof TypeError) return unknownShape
    throw error
  }
}

function inputShape(flow: Flow, run: RunState): Shape {
  const told = shapeOfSchema(flow.inputs)
  return run.started ? joinShapes(told, shapeOfValue(run.started.input)) : told
}

/** The output of the one node before; with several, an object by id or the one that was taken, so nothing is told. */
function prevShape(flow: Flow, node: string, run: RunState): Shape {
  const edges = flow.edges.filter((edge) => edge.to === node && edge.toPort === 'in')
  const [only] = edges
  if (!only || edges.length > 1) return unknownShape
  if (only.fromPort === 'error') return objectShape({ code: 'string', message: 'string', retryable: 'boolean' })
  const before = flow.nodes[only.from]
  const isDecision = before && kinds.get(before.kind)?.role?.type === 'decision'
  return isDecision ? prevShape(flow, only.from, run) : outputShape(flow, only.from, run)
}
