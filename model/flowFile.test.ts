import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowLimits, parseFlow, serializeFlow } from './flowFile.ts'
import { arbitraryFlow } from '../tests/support/arbitraryFlow.ts'

const example = `{
  "format": "switchyard.flow/1",
  "name": "Review",
  "nodes": {
    "start": {
      "kind": "start"
    },
    "draft": {
      "kind": "llm",
      "label": "Write",
      "data": {
        "prompt": "About {{ input.topic }}"
      },
      "policy": {
        "retry": {
          "max": 3,
          "delay": "1s"
        },
        "timeout": "60s"
      }
    }
  },
  "edges": [
    "start -> draft"
  ],
  "layout": {
    "nodes": {
      "start": [0, 0],
      "draft": [240, 0.5]
    }
  }
}
`

function codesOf(text: string): string[] {
  return parseFlow(text, 'a.flow.json').diagnostics.map((d) => d.code)
}

function flowText(members: string): string {
  return `{"format":"switchyard.flow/1","name":"x",${members}}`
}

describe('parseFlow', () => {
  it('reads a canonical file and writes the same bytes', () => {
    const { flow, diagnostics } = parseFlow(example, 'a.flow.json')
    expect(diagnostics).toEqual([])
    expect(flow?.edges).toEqual([{ from: 'start', fromPort: 'out', to: 'draft', toPort: 'in' }])
    expect(flow && serializeFlow(flow)).toBe(example)
  })

  it('keeps fields, kinds and versions that it does not know', () => {
    const text = flowText(
      '"nodes":{"a":{"kind":"from-mars","version":99,"antenna":{"x":[1]},"policy":{"mood":1}}},"edges":[],"future":[1]',
    )
    const { flow, diagnostics } = parseFlow(text, 'a.flow.json')
    expect(diagnostics).toEqual([])
    const written = JSON.parse(flow ? serializeFlow(flow) : '{}') as unknown
    expect(written).toEqual(JSON.parse(text))
  })

  it('opens a file truncated at any byte with an error that has a place, and nothing else', () => {
    for (let length = 0; length < example.trimEnd().length; length++) {
      const { flow, diagnostics } = parseFlow(example.slice(0, length), 'a.flow.json')
      expect(flow).toBeUndefined()
      expect(diagnostics).toHaveLength(1)
      expect(diagnostics[0]).toMatchObject({ code: 'bad-json', severity: 'error', file: 'a.flow.json' })
      expect(diagnostics[0]?.line).toBeGreaterThan(0)
    }
  })

  it('says where a damaged file is damaged', () => {
    const [problem] = parseFlow(example.replace('"label": "Write",', '"label": "Write"'), 'a.flow.json').diagnostics
    expect(problem).toMatchObject({ line: 11, column: 7 })
    expect(problem?.message).toBe('Expected a comma or "}" here, but found "\\"".')
  })

  it('reports text after the document', () => {
    expect(parseFlow(`${example}{}`, 'f').diagnostics[0]).toMatchObject({ code: 'bad-json', line: 33, column: 1 })
  })

  it('refuses what is too long, too deep or has too many nodes, without exhausting the stack', () => {
    expect(codesOf(`${example}${' '.repeat(flowLimits.characters)}`)).toEqual(['too-large'])
    expect(codesOf('['.repeat(10_000))).toEqual(['too-large'])
    expect(
      codesOf(flowText(`"nodes":{"a":{"kind":"set","data":{"v":${'['.repeat(10_000)}${']'.repeat(10_000)}}}}`)),
    ).toEqual(['too-large'])
    const nodes = Array.from({ length: flowLimits.nodes + 1 }, (_, i) => `"n${i}":{"kind":"set"}`).join()
    expect(codesOf(flowText(`"nodes":{${nodes}}`))).toEqual(['too-large'])
  })

  it('names both the node and the line of a repeated id', () => {
    const text = flowText('"nodes":{\n"a":{"kind":"set"},\n"\\u0061":{"kind":"set"}}')
    expect(parseFlow(text, 'f').diagnostics).toMatchObject([{ code: 'duplicate-id', node: 'a', line: 3, column: 1 }])
    const inData = flowText('"nodes":{\n"a":{"kind":"set","data":{"k":1,\n"k":2}}}')
    expect(parseFlow(inData, 'f').diagnostics).toMatchObject([
      { code: 'bad-json', node: 'a', field: 'data.k', line: 3 },
    ])
  })

  it('refuses __proto__ keys and takes constructor as an ordinary id', () => {
    expect(parseFlow(flowText('"nodes":{"__proto__":{"kind":"set"}}'), 'f').diagnostics).toMatchObject([
      { code: 'bad-node-id', node: '__proto__' },
    ])
    expect(codesOf(flowText('"nodes":{"a":{"kind":"set","data":{"__proto__":{"polluted":1}}}}'))).toEqual(['bad-json'])
    expect(codesOf(flowText('"nodes":{"a":{"kind":"set","data":{"\\u005f_proto__":1}}}'))).toEqual(['bad-json'])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    const { flow } = parseFlow(
      flowText('"nodes":{"constructor":{"kind":"set"},"toString":{"kind":"set","data":{"prototype":{"x":1}}}}'),
      'f',
    )
    expect(Object.keys(flow?.nodes ?? {})).toEqual(['constructor', 'toString'])
    expect(flow?.nodes['hasOwnProperty']).toBeUndefined()
  })

  it('names the edge that is none and the one that stands twice', () => {
    const text = flowText('"nodes":{"a":{"kind":"set"}},"edges":["a -> a",\n"a:out -> a:in",\n"a => b", 7]')
    expect(parseFlow(text, 'f').diagnostics).toMatchObject([
      { code: 'duplicate-edge', field: 'edges[1]', line: 2 },
      { code: 'bad-edge', field: 'edges[2]', line: 3 },
      { code: 'bad-edge', field: 'edges[3]', line: 3 },
    ])
  })

  it('names node, field, line and found value of a wrong type', () => {
    const text = flowText(
      '"nodes":{\n"a":{"kind":"set","label":7,"policy":{"retry":{"max":"three"}}},\n"b":[],\n"c-d":{"kind":"set"}}',
    )
    expect(parseFlow(text, 'f').diagnostics).toMatchObject([
      { code: 'bad-field', node: 'a', field: 'label', line: 2, message: 'Node "a": "label" must be a text, but is 7.' },
      {
        code: 'bad-policy',
        node: 'a',
        field: 'policy.retry.max',
        message: 'Node "a": "policy.retry.max" must be a number, but is "three".',
      },
      { code: 'bad-field', node: 'b', line: 3, message: 'Node "b": it must be an object, but is [].' },
      { code: 'bad-node-id', node: 'c-d', line: 4 },
    ])
  })

  it('says which format it found', () => {
    expect(parseFlow('{"format":"switchyard.flow/7","nodes":{}}', 'f').diagnostics[0]?.message).toContain(
      '"switchyard.flow/7"',
    )
    expect(parseFlow('{"nodes":[],"connections":{}}', 'f').diagnostics[0]?.message).toContain('another tool')
    expect(codesOf('[]')).toEqual(['bad-format'])
    expect(codesOf('null')).toEqual(['bad-format'])
  })

  it('reads a pin in full and a bare output', () => {
    const { flow } = parseFlow(
      flowText('"nodes":{},"pins":{"a":{"port":"true","output":1},"b":{"port":"true"},"c":[1]}'),
      'f',
    )
    expect({ ...flow?.pins }).toEqual({
      a: { port: 'true', output: 1 },
      b: { port: 'out', output: { port: 'true' } },
      c: { port: 'out', output: [1] },
    })
  })

  it('reads a file with a byte order mark and with Windows line ends', () => {
    const { flow } = parseFlow(`\uFEFF${example.replaceAll('\n', '\r\n')}`, 'f')
    expect(flow && serializeFlow(flow)).toBe(example)
  })

  it('is the inverse of serializeFlow for any flow', () => {
    fc.assert(
      fc.property(arbitraryFlow(), (flow) => {
        const text = serializeFlow(flow)
        const parsed = parseFlow(text, 'f')
        expect(parsed.diagnostics).toEqual([])
        expect(parsed.flow).toEqual(flow)
        expect(parsed.flow && serializeFlow(parsed.flow)).toBe(text)
      }),
    )
  })

  it('survives any text and any damage to a good one', () => {
    fc.assert(
      fc.property(fc.nat(example.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 8 }), (at, drop, put) => {
        const { flow, diagnostics } = parseFlow(example.slice(0, at) + put + example.slice(at + drop), 'f')
        expect(flow !== undefined || diagnostics.some((d) => d.severity === 'error')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
