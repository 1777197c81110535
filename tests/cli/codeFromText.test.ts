import { describe, expect, it } from 'vitest'
import { flowText, switchyard, workspaceWith } from '../support/runFlow.ts'

/** Loaded before everything else: says on stderr whenever a function is made from text. */
const tripwire = `
const made = (how) => process.stderr.write('made from text: ' + how + '\\n')
globalThis.Function = new Proxy(globalThis.Function, {
  construct: (target, args) => (made('new Function'), Reflect.construct(target, args)),
  apply: (target, self, args) => (made('Function()'), Reflect.apply(target, self, args)),
})
globalThis.eval = new Proxy(globalThis.eval, { apply: (target, self, args) => (made('eval'), Reflect.apply(target, self, args)) })
`

describe('the command line', () => {
  it('makes no code from text, whatever a flow holds', async () => {
    const nodes = {
      start: { kind: 'start' },
      code: { kind: 'code', data: { source: 'return [1, 2].map((n) => n + 1)' } },
      done: { kind: 'return', data: { value: '{{ prev.length + 1 }}' } },
    }
    const { dir, file } = await workspaceWith(flowText(nodes, ['start -> code', 'code -> done']))
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tripwire)}` }
    for (const args of [
      ['validate', file],
      ['compile', file],
      ['run', file, '--trust'],
      ['runs', 'list'],
    ]) {
      const done = await switchyard([...args, '--workspace', dir], { env })
      expect([args[0], done.exit, /made from text: .*/.exec(done.stderr)?.[0]]).toEqual([args[0], 0, undefined])
    }
  })
})
