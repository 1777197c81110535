import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../model/json.ts'
import { flowText, runJson, validateJson } from '../support/runFlow.ts'
import { boom, code, ret, set, start } from '../support/shortNodes.ts'

async function returned(
  value: Json,
  input: JsonObject = {},
  more: JsonObject = {},
  args: string[] = [],
): Promise<Json | undefined> {
  const text = flowText({ start, done: ret(value) }, ['start -> done'], more)
  const { result } = await runJson(text, [
    ...Object.entries(input).flatMap(([k, v]) => ['--input', `${k}=${JSON.stringify(v)}`]),
    ...args,
  ])
  expect(result).toMatchObject({ status: 'completed' })
  return result['output']
}

describe('expressions (rules 2.1 to 2.3)', () => {
  it('keeps the type of a string that is one hole', async () => {
    expect(
      await returned({ n: '{{ input.n }}', o: '{{ input.o }}', b: '{{ !input.n }}' }, { n: 7, o: { a: [1] } }),
    ).toEqual({ n: 7, o: { a: [1] }, b: false })
  })

  it('joins the parts of other strings as text, objects as JSON, null and undefined as nothing', async () => {
    expect(await returned('<{{ input.n }}|{{ input.o }}|{{ null }}|{{ input.missing }}>', { n: 7, o: { a: 1 } })).toBe(
      '<7|{"a":1}||>',
    )
  })

  it('turns undefined in a single hole into null', async () => {
    expect(await returned({ x: '{{ input.missing }}' })).toEqual({ x: null })
  })

  it('ends a hole at the first braces that leave a parseable expression', async () => {
    expect(await returned('{{ {a: {b: input.n}} }}', { n: 1 })).toEqual({ a: { b: 1 } })
    expect(await returned('{{ "}}" + input.n }}', { n: 1 })).toBe('}}1')
  })

  it('takes an expression that stands wholly in brackets', async () => {
    expect(await returned(['{{ (input.n + 1) }}', '{{ ({ a: input.n }) }}', '{{ ((input.n)) }}'], { n: 1 })).toEqual([
      2,
      { a: 1 },
      1,
    ])
  })

  it('writes two braces for four', async () => {
    expect(await returned('{{{{ plain }} {{ input.n }}', { n: 1 })).toBe('{{ plain }} 1')
  })

  it('gives nodes, prev, vars, run and visits', async () => {
    const text = flowText(
      {
        start,
        name: { kind: 'set-variable', data: { name: 'who', value: 'Ada' } },
        a: set({ x: 1 }),
        done: ret({
          out: '{{ nodes.a.output.x }}',
          prev: '{{ prev.x }}',
          who: '{{ vars.who }}',
          visits: '{{ nodes.a.visits }}',
          never: '{{ nodes.off.visits }}',
          run: '{{ typeof run.id }}',
          at: '{{ Number.isNaN(Date.parse(run.startedAt)) }}',
        }),
        off: set({}),
      },
      ['start -> name', 'name -> a', 'a -> done'],
    )
    const { result } = await runJson(text)
    expect(result['output']).toEqual({ out: 1, prev: 1, who: 'Ada', visits: 1, never: 0, run: 'string', at: false })
  })

  it('gives prev as an object by node id where several predecessors are live', async () => {
    const text = flowText({ start, a: set({ v: 1 }), b: set({ v: 2 }), done: ret('{{ prev }}') }, [
      'start -> a',
      'start -> b',
      'a -> done',
      'b -> done',
    ])
    expect((await runJson(text)).result['output']).toEqual({ a: { v: 1 }, b: { v: 2 } })
  })

  it('fails as expression-failed on a property of undefined, without a retry', async () => {
    const text = flowText(
      { start, a: set({ x: '{{ input.a.b.c }}' }, { policy: { retry: { max: 3, delay: '1ms' } } }) },
      ['start -> a'],
    )
    const { exit, result } = await runJson(text)
    expect(exit).toBe(1)
    expect(result).toMatchObject({ status: 'failed', error: { code: 'expression-failed', node: 'a' } })
  })

  it('reads own properties only', async () => {
    expect(await returned({ a: '{{ input.constructor }}', b: '{{ input.toString }}' })).toEqual({ a: null, b: null })
  })

  it('reads nodes that are called as what every object inherits, in paths and in scripts', async () => {
    const ids = ['constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON']
    const text = flowText(
      {
        start,
        ...Object.fromEntries(ids.map((id, i) => [id, set({ i })])),
        done: ret(ids.map((id) => `{{ [nodes.${id}.output.i, nodes.${id}.visits] }}`)),
      },
      ids.flatMap((id) => [`start -> ${id}`, `${id} -> done`]),
    )
    expect((await runJson(text)).result['output']).toEqual(ids.map((_id, i) => [i, 1]))
  })

  it('gives nodes and vars as they stand, not as they become', async () => {
    const variable = (value: number): JsonObject => ({ kind: 'set-variable', data: { name: 'v', value } })
    const text = flowText(
      {
        start,
        one: variable(1),
        all: set({ nodes: '{{ nodes }}', one: '{{ nodes.one }}', self: '{{ nodes.all }}', vars: '{{ vars }}' }),
        two: variable(2),
        done: ret('{{ nodes.all.output }}'),
      },
      ['start -> one', 'one -> all', 'all -> two', 'two -> done'],
    )
    const { result } = await runJson(text)
    expect(result['output']).toMatchObject({
      one: { output: 1, visits: 1 },
      self: { visits: 1 },
      vars: { v: 1 },
      nodes: { two: { visits: 0 } },
    })
  })

  it('reads only the environment that the flow names', async () => {
    process.env['SWITCHYARD_CASE_SHOWN'] = 'yes'
    process.env['SWITCHYARD_CASE_HIDDEN'] = 'no'
    const value = { shown: '{{ env.SWITCHYARD_CASE_SHOWN }}', hidden: '{{ env.SWITCHYARD_CASE_HIDDEN }}' }
    expect(await returned(value, {}, { env: ['SWITCHYARD_CASE_SHOWN'] }, ['--trust'])).toEqual({
      shown: 'yes',
      hidden: null,
    })
  })

  it('never treats the source of code as a template', async () => {
    const text = flowText({ start, c: code('return "{{ input.n }}" + (input.n + 1)'), done: ret('{{ prev }}') }, [
      'start -> c',
      'c -> done',
    ])
    expect((await runJson(text, ['--input', 'n=1'])).result['output']).toBe('{{ input.n }}2')
  })

  it('gives a code node that returns nothing the output null', async () => {
    const text = flowText({ start, c: code('const x = 1'), done: ret({ v: '{{ prev }}' }) }, [
      'start -> c',
      'c -> done',
    ])
    expect((await runJson(text)).result['output']).toEqual({ v: null })
  })

  it('evaluates settings once per visit, so retries see the same values', async () => {
    const text = flowText(
      {
        start,
        b: boom({ policy: { retry: { max: 2, delay: '1ms', on: ['expression-failed'] }, onError: 'continue' } }),
        done: ret('{{ nodes.b.error.attempt }}'),
      },
      ['start -> b', 'b -> done'],
    )
    expect((await runJson(text)).result['output']).toBe(2)
  })

  it.each([
    ['a hole that does not parse', { start, a: set({ x: '{{ 1 + }}' }) }, 'a'],
    ['a hole that never ends', { start, a: set({ x: '{{ input.x' }) }, 'a'],
    [
      'a condition with text around its hole',
      { start, a: { kind: 'if', data: { condition: 'x {{ input.x }}' } } },
      'a',
    ],
  ])('refuses %s as bad-expression', async (_name, nodes, node) => {
    const { exit, diagnostics } = await validateJson(flowText(nodes, ['start -> a']))
    expect(exit).toBe(2)
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'bad-expression', node, severity: 'error' }))
  })

  it('takes a JSON literal as a condition', async () => {
    const text = flowText({ start, a: { kind: 'if', data: { condition: false } }, yes: ret('yes'), no: ret('no') }, [
      'start -> a',
      'a:true -> yes',
      'a:false -> no',
    ])
    expect((await runJson(text)).result['output']).toBe('no')
  })
})
