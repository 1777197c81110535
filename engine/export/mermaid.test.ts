import { expect, it } from 'vitest'
import { flowOf } from '../../tests/support/flows.ts'
import { testKinds } from '../../tests/support/kinds.ts'
import { compile } from '../compile/compile.ts'
import { exportMermaid } from './mermaid.ts'

it('draws decisions, bodies, supplies and awkward names', () => {
  const flow = flowOf(
    ['start -> check', 'check:true -> each', 'check:false -> end', 'inside -> more', 'tool -> ai:tools', 'each -> ai'],
    {
      start: {},
      check: { kind: 'if', data: { condition: true } },
      each: { kind: 'for-each', data: { items: [] } },
      inside: { parent: 'each' },
      more: { parent: 'each' },
      ai: { kind: 'agent' },
      end: { kind: 'return', ports: [] },
    },
  )
  const { machine } = compile(flow, testKinds, 'test.flow.json')
  if (!machine) throw new Error('no machine')
  expect(exportMermaid(machine)).toBe(`flowchart TD
  start(["start"])
  check{"check"}
  subgraph each["each"]
    inside["inside"]
    more["more"]
  end
  ai["ai"]
  end_(["end"])
  tool["tool"]
  start --> check
  check -->|"true"| each
  check -->|"false"| end_
  each --> ai
  inside --> more
  tool -.->|"tools"| ai
`)
})
