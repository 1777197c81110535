import fc from 'fast-check'
import type { Flow, FlowNode } from '../../model/document.ts'
import { flowFormat } from '../../model/document.ts'
import { sortEdges } from '../../model/edges.ts'
import type { Json, JsonObject } from '../../model/json.ts'

const reserved = new Set(['format', 'name', 'kind', 'port', 'output', '__proto__'])
const word = fc.stringMatching(/^[a-z]{1,8}$/).filter((text) => !reserved.has(text))
const id = fc.oneof(word, fc.constantFrom('constructor', 'toString', '$', '_a1'))
const port = fc.constantFrom('out', 'true', 'in', 'error', 'case-2')

/** Any JSON value without the keys that flow files refuse; numbers are those that JSON writes and reads unchanged. */
export function arbitraryJson(): fc.Arbitrary<Json> {
  const { tree } = fc.letrec<{ tree: Json; object: JsonObject }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null), fc.integer()),
      fc.array(tie('tree'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(word, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
  }))
  return tree
}

function arbitraryObject(): fc.Arbitrary<JsonObject> {
  return fc.dictionary(word, arbitraryJson(), { maxKeys: 3, noNullPrototype: true })
}

function arbitraryNode(): fc.Arbitrary<FlowNode> {
  return fc.record(
    {
      kind: word,
      version: fc.integer({ min: 1, max: 9 }),
      label: fc.string(),
      parent: id,
      disabled: fc.oneof(fc.boolean(), fc.record({ port }, { noNullPrototype: true })),
      params: arbitraryObject(),
      data: arbitraryObject(),
      policy: fc.record(
        {
          retry: fc.record(
            { max: fc.integer({ min: 1, max: 9 }), factor: fc.integer({ min: 1, max: 4 }) },
            { noNullPrototype: true },
          ),
          timeout: fc.constantFrom('30s', '10m'),
          onError: fc.constantFrom('stop' as const, 'continue' as const, { continue: 'true' }),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      extras: fc.dictionary(fc.constantFrom('later', 'other'), arbitraryJson(), { minKeys: 1, noNullPrototype: true }),
    },
    { requiredKeys: ['kind'], noNullPrototype: true },
  )
}

/** Any flow that has a file: canonical in its edges, without regard to what its kinds mean. */
export function arbitraryFlow(): fc.Arbitrary<Flow> {
  const edges = fc
    .array(fc.record({ from: id, fromPort: port, to: id, toPort: port }, { noNullPrototype: true }))
    .map(sortEdges)
  const at = fc.array(fc.integer(), { minLength: 2, maxLength: 4 })
  return fc.record(
    {
      format: fc.constant(flowFormat),
      name: fc.string(),
      description: fc.string(),
      inputs: arbitraryObject(),
      concurrency: fc.integer({ min: 1, max: 64 }),
      env: fc.array(word),
      pins: fc.dictionary(id, fc.record({ port, output: arbitraryJson() }, { noNullPrototype: true })),
      nodes: fc.dictionary(id, arbitraryNode()),
      edges,
      layout: fc.record(
        {
          nodes: fc.dictionary(id, at),
          notes: fc.dictionary(
            id,
            fc.record({ text: fc.string(), at, color: word }, { requiredKeys: ['text', 'at'], noNullPrototype: true }),
          ),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      extras: fc.dictionary(fc.constantFrom('later', 'other'), arbitraryJson(), { minKeys: 1, noNullPrototype: true }),
    },
    { requiredKeys: ['format', 'name', 'nodes', 'edges'], noNullPrototype: true },
  )
}
