import type { JsonObject } from '../../model/json.ts'

/** A flow to measure: its file's text, the input, how many nodes one run executes, and what it must return. */
export interface BenchFlow {
  readonly text: string
  readonly input: JsonObject
  readonly steps: number
  /** Compared as JSON with the run's output, so that a run that silently does nothing cannot look fast. */
  readonly expected: string
}

const input = { x: 7 }

/** `start`, n `set` nodes one after the other, `return`. */
export function chain(n: number): BenchFlow {
  const nodes: JsonObject = { start: { kind: 'start' } }
  const edges: string[] = []
  let last = 'start'
  for (let i = 1; i <= n; i++) {
    nodes[`n${i}`] = pass('{{ prev.x }}')
    edges.push(`${last} -> n${i}`)
    last = `n${i}`
  }
  nodes['done'] = { kind: 'return', data: { value: '{{ prev.x }}' } }
  edges.push(`${last} -> done`)
  return { text: flowText(nodes, edges), input, steps: n + 2, expected: '7' }
}

/** A chain that waits half way for as long. */
export function pausedChain(n: number, pause: string): BenchFlow {
  const whole = chain(n)
  const { nodes, edges } = JSON.parse(whole.text) as { nodes: JsonObject; edges: string[] }
  const middle = `n${Math.floor(n / 2)}`
  nodes['pause'] = { kind: 'wait', data: { for: pause } }
  nodes[middle] = pass('{{ input.x }}')
  const rewired = edges.map((edge) => (edge.endsWith(`-> ${middle}`) ? edge.replace(middle, 'pause') : edge))
  return { ...whole, text: flowText(nodes, [...rewired, `pause -> ${middle}`]), steps: whole.steps + 1 }
}

/** A loop of two nodes, n times around. */
export function loop(n: number): BenchFlow {
  const nodes: JsonObject = {
    start: { kind: 'start' },
    body: { kind: 'set', data: { values: { count: '{{ nodes.body.visits }}' } }, policy: { maxVisits: n + 1 } },
    turn: { kind: 'switch', data: { value: '{{ nodes.body.visits }}', cases: [{ port: 'over', equals: n }] } },
    done: { kind: 'return', data: { value: '{{ nodes.body.output.count }}' } },
  }
  const edges = ['start -> body', 'body -> turn', 'turn:default -> body', 'turn:over -> done']
  return { text: flowText(nodes, edges), input, steps: 2 * n + 2, expected: String(n) }
}

/** A loop whose body is a chain of n nodes, twice around. */
export function loopBody(n: number): BenchFlow {
  const body = chain(n)
  const { nodes, edges } = JSON.parse(body.text) as { nodes: JsonObject; edges: string[] }
  nodes['turn'] = { kind: 'switch', data: { value: '{{ nodes.turn.visits }}', cases: [{ port: 'over', equals: 2 }] } }
  const rewired = edges.filter((edge) => !edge.endsWith('-> done'))
  rewired.push(`n${n} -> turn`, 'turn:default -> n1', 'turn:over -> done')
  return { text: flowText(nodes, rewired), input, steps: 2 * n + 4, expected: '7' }
}

/** n nodes in layers of ten; each waits for two nodes of the layer above. */
export function layered(n: number): BenchFlow {
  const width = Math.min(10, n)
  const nodes: JsonObject = { start: { kind: 'start' } }
  const edges: string[] = []
  const name = (layer: number, column: number): string => `l${layer}c${column}`
  const layers = Math.floor(n / width)
  for (let layer = 0; layer < layers; layer++) {
    for (let column = 0; column < width; column++) {
      const above = [column, (column + 1) % width].map((c) => (layer === 0 ? 'start' : name(layer - 1, c)))
      nodes[name(layer, column)] = pass('{{ input.x }}')
      for (const from of new Set(above)) edges.push(`${from} -> ${name(layer, column)}`)
    }
  }
  return joined(
    nodes,
    edges,
    Array.from({ length: width }, (_, column) => name(layers - 1, column)),
    layers * width,
  )
}

/** One node, n parallel branches, one join. */
export function fork(n: number): BenchFlow {
  const branches = Array.from({ length: n }, (_, i) => `b${i}`)
  const nodes: JsonObject = { start: { kind: 'start' } }
  for (const branch of branches) nodes[branch] = pass('{{ prev.x }}')
  return joined(
    nodes,
    branches.map((branch) => `start -> ${branch}`),
    branches,
    n,
  )
}

/** One megabyte of JSON handed through n nodes. */
export function payload(n: number): BenchFlow {
  const items = Array.from({ length: 6000 }, (_, i) => ({
    id: i,
    name: `item-${i}`,
    tags: ['a', 'b', 'c'],
    text: 'lorem ipsum dolor sit amet '.repeat(4),
  }))
  const flow = chain(n)
  return { ...flow, input: { x: items }, expected: JSON.stringify(items) }
}

const pass = (template: string): JsonObject => ({ kind: 'set', data: { values: { x: template } } })

function joined(nodes: JsonObject, edges: string[], ends: readonly string[], steps: number): BenchFlow {
  nodes['join'] = pass('{{ input.x }}')
  nodes['done'] = { kind: 'return', data: { value: '{{ prev.x }}' } }
  for (const end of ends) edges.push(`${end} -> join`)
  edges.push('join -> done')
  return { text: flowText(nodes, edges), input, steps: steps + 3, expected: '7' }
}

function flowText(nodes: JsonObject, edges: readonly string[]): string {
  return JSON.stringify({ format: 'switchyard.flow/1', name: 'Bench', nodes, edges: [...edges] })
}
