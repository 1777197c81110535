import { createMachine } from 'xstate'
import { describe, expect, it } from 'vitest'
import { compile } from '../../engine/compile/compile.ts'
import type { ScopeMachine } from '../../engine/compile/machine.ts'
import type { Flow } from '../../model/document.ts'
import { flowOf } from '../support/flows.ts'
import { testKinds } from '../support/kinds.ts'

/** Small flows with the machines that a reader should find for them. */
const flows: Record<string, Flow> = {
  chain: flowOf(['start -> fetch', 'fetch -> save']),
  'if-merge': flowOf(
    ['start -> check', 'check:true -> long', 'check:false -> short', 'long -> send', 'short -> send'],
    {
      start: {},
      check: { kind: 'if' },
    },
  ),
  'fork-join': flowOf([
    'start -> split',
    'split -> left',
    'left -> more',
    'split -> right',
    'more -> join',
    'right -> join',
    'join -> end',
  ]),
  loop: flowOf(['start -> draft', 'draft -> review', 'review:approved -> done', 'review:rejected -> draft'], {
    start: {},
    draft: {},
    review: { ports: ['approved', 'rejected'] },
    done: { kind: 'return', ports: [] },
  }),
  'self-loop': flowOf(['start -> poll', 'poll:again -> poll', 'poll:ready -> use']),
  'error-edge': flowOf(['start -> call', 'call -> use', 'call:error -> tell']),
  'interleaved-fork': flowOf([
    'start -> a',
    'start -> b',
    'a -> c',
    'b -> c',
    'b -> d',
    'c -> e',
    'd -> e',
    'e -> last',
  ]),
  'for-each': flowOf(['start -> each', 'each -> sum', 'get -> keep'], {
    start: {},
    each: { kind: 'for-each', data: { items: '{{ input.list }}' } },
    get: { parent: 'each' },
    keep: { parent: 'each' },
  }),
}

describe('golden machines', () => {
  for (const [name, flow] of Object.entries(flows)) {
    it(`draws ${name}`, async () => {
      const { machine, diagnostics } = compile(flow, testKinds, `${name}.flow.json`)
      expect(diagnostics).toEqual([])
      if (!machine) throw new Error('no machine')
      const scopes: ScopeMachine[] = [machine, ...Object.values(machine.meta.switchyard.scopes)]
      const drawn = scopes.map(({ meta, ...scope }) => ({ ...scope, tokens: meta.tokens }))
      await expect(`${JSON.stringify(drawn, null, 2)}\n`).toMatchFileSnapshot(`./${name}.json`)
      for (const scope of scopes) expect(() => createMachine(scope as object)).not.toThrow()
    })
  }

  it('is the same bytes every time', () => {
    for (const flow of Object.values(flows)) {
      const bytes = (): string => JSON.stringify(compile(structuredClone(flow), testKinds, 'same.flow.json').machine)
      expect(bytes()).toBe(bytes())
    }
  })
})
