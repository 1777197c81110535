import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseFlow } from '../../model/flowFile.ts'
import type { Json } from '../../model/json.ts'
import { compile } from '../compile/compile.ts'
import { loadKinds } from '../kinds.ts'
import { testKinds } from '../../tests/support/kinds.ts'
import { exportTypeScript } from './ts.ts'

const { specs: installed } = loadKinds()
/** Containers' kinds, whether or not they are installed. */
const specs = new Map([
  ...['for-each', 'loop', 'try'].flatMap((kind) => [...testKinds].filter(([name]) => name === kind)),
  ...installed,
])
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-export-'))
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Exports a flow, runs the module by itself in a Node process, and gives what the machine ended with. */
function run(nodes: object, edges: readonly string[], input: Json = {}, actors = '{}', pins: object = {}): unknown {
  const text = JSON.stringify({ format: 'switchyard.flow/1', name: 'Test', pins, nodes, edges })
  const { flow, diagnostics } = parseFlow(text, 'test.flow.json')
  if (!flow) throw new Error(JSON.stringify(diagnostics))
  const { machine, diagnostics: found } = compile(flow, specs, 'test.flow.json')
  if (!machine) throw new Error(JSON.stringify(found))
  writeFileSync(join(folder, 'flow.ts'), exportTypeScript(machine, specs))
  const main = `
    import { createActor, fromPromise, toPromise } from 'xstate'
    import { createFlow } from './flow.ts'
    const actor = createActor(createFlow({ actors: ${actors} }), { input: ${JSON.stringify(input)} })
    actor.start()
    toPromise(actor).then(
      (output) => console.log(JSON.stringify({ output })),
      (error) => console.log(JSON.stringify({ code: error.code, message: error.message })),
    )`
  writeFileSync(join(folder, 'main.mjs'), main)
  return JSON.parse(execFileSync(process.execPath, ['main.mjs'], { cwd: folder, encoding: 'utf8' })) as unknown
}

const set = (value: Json) => ({ kind: 'set', data: { values: { value } } })

it('runs a branch with expressions', () => {
  const nodes = {
    start: { kind: 'start' },
    big: { kind: 'if', data: { condition: '{{ input.n > 10 }}' } },
    yes: set('{{ input.n }} is big'),
    no: set('{{ input.n * 2 }}'),
    done: { kind: 'return', data: { value: '{{ prev.value }}' } },
  }
  const edges = ['start -> big', 'big:true -> yes', 'big:false -> no', 'yes -> done', 'no -> done']
  expect(run(nodes, edges, { n: 12 })).toEqual({ output: '12 is big' })
  expect(run(nodes, edges, { n: 4 })).toEqual({ output: 8 })
})

it('joins a fork', () => {
  const nodes = {
    start: { kind: 'start' },
    a: set(1),
    b: set(2),
    sum: set('{{ prev.a.value + nodes.b.output.value }}'),
  }
  expect(run(nodes, ['start -> a', 'start -> b', 'a -> sum', 'b -> sum'])).toEqual({ output: { value: 3 } })
})

it('repeats a loop until its decision leaves it', () => {
  const nodes = {
    start: { kind: 'start' },
    count: set('{{ (nodes.count.output?.value ?? 0) + 1 }}'),
    more: { kind: 'if', data: { condition: '{{ prev.value < 5 }}' } },
    end: {
      kind: 'code',
      data: { source: 'const n = nodes.count.output.value\nreturn { n, visits: nodes.count.visits }' },
    },
  }
  const edges = ['start -> count', 'count -> more', 'more:true -> count', 'more:false -> end']
  expect(run(nodes, edges)).toEqual({ output: { n: 5, visits: 5 } })
})

it('runs an interleaved fork in a dataflow state', () => {
  const nodes = {
    start: { kind: 'start' },
    a: set(1),
    b: set(2),
    c: set('{{ prev.a.value + prev.b.value }}'),
    d: set('{{ prev.value }}'),
    e: set('{{ prev.c.value * 10 + prev.d.value }}'),
  }
  const edges = ['start -> a', 'start -> b', 'a -> c', 'b -> c', 'b -> d', 'c -> e', 'd -> e']
  expect(run(nodes, edges)).toEqual({ output: { value: 32 } })
})

it('takes effects from its caller, over attempts and error edges', () => {
  const nodes = {
    start: { kind: 'start' },
    call: { kind: 'http', data: { url: 'http://{{ input.host }}/' }, policy: { retry: { max: 3 } } },
    ok: set('{{ prev.body }}'),
    bad: set('{{ prev.code }}'),
  }
  const edges = ['start -> call', 'call -> ok', 'call:error -> bad']
  const failing = (until: number): string => `{ http: fromPromise(async ({ input }) => {
    if (input.attempt < ${String(until)}) throw Object.assign(new Error('no'), { code: 'http-503', retryable: true })
    return { output: { body: input.data.url } }
  }) }`
  expect(run(nodes, edges, { host: 'h' }, failing(3))).toEqual({ output: { value: 'http://h/' } })
  expect(run(nodes, edges, { host: 'h' }, failing(9))).toEqual({ output: { value: 'http-503' } })
})

it('fails as the flow fails', () => {
  const nodes = {
    start: { kind: 'start' },
    stop: { kind: 'fail', data: { code: 'too-bad', message: 'No {{ input.what }}.' } },
  }
  expect(run(nodes, ['start -> stop'], { what: 'luck' })).toEqual({ code: 'too-bad', message: 'No luck.' })
})

it('stops a loop at maxVisits', () => {
  const nodes = {
    start: { kind: 'start' },
    step: { ...set(1), policy: { maxVisits: 3 } },
    more: { kind: 'if', data: { condition: true } },
    end: set(2),
  }
  expect(run(nodes, ['start -> step', 'step -> more', 'more:true -> step', 'more:false -> end'])).toMatchObject({
    code: 'loop-limit',
  })
})

it('runs the bodies of containers, each in a scope of its own', () => {
  const nodes = {
    start: { kind: 'start' },
    each: { kind: 'for-each', data: { items: '{{ input.list }}', concurrency: 2 } },
    twice: { ...set('{{ item * 2 + index + nodes.start.output.list.length }}'), parent: 'each' },
    rounds: { kind: 'loop', data: { until: '{{ prev.value >= 8 }}' } },
    more: { ...set('{{ (prev.value ?? 0) + 3 }}'), parent: 'rounds' },
    careful: { kind: 'try' },
    stop: { kind: 'fail', data: { code: 'oh', message: 'no' }, parent: 'careful' },
    sum: {
      kind: 'set',
      data: {
        values: { all: '{{ nodes.each.output }}', last: '{{ nodes.rounds.output.value }}', code: '{{ prev.code }}' },
      },
    },
  }
  const edges = ['start -> each', 'each -> rounds', 'rounds -> careful', 'careful:caught -> sum']
  const all = [{ value: 4 }, { value: 7 }]
  expect(run(nodes, edges, { list: [1, 2] })).toEqual({ output: { all, last: 9, code: 'oh' } })
})

it('uses pins and passes disabled nodes by', () => {
  const nodes = {
    start: { kind: 'start' },
    call: { kind: 'http', data: { url: 'http://x/' } },
    off: { ...set(1), disabled: true },
    end: set('{{ prev }}'),
  }
  expect(
    run(nodes, ['start -> call', 'call -> off', 'off -> end'], {}, '{}', { call: { port: 'out', output: 7 } }),
  ).toEqual({ output: { value: 7 } })
})
