import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

it('gives the evaluated values as one object', async () => {
  expect(await execute(executorCall({ values: { a: 1, b: [true], c: null } }))).toEqual({
    output: { a: 1, b: [true], c: null },
  })
})

it('fails where a template gave no object', async () => {
  await expect(execute(executorCall({ values: [1] }))).rejects.toMatchObject({
    code: 'bad-setting',
    details: { field: 'data.values' },
  })
})

it('describes its output as far as the values are written out', () => {
  expect(spec.output({ values: { n: 1, s: 'x', t: '{{ prev }}', o: { b: false } } })).toEqual({
    type: 'object',
    required: ['n', 's', 't', 'o'],
    properties: {
      n: { type: 'number' },
      s: { type: 'string' },
      t: {},
      o: { type: 'object', required: ['b'], properties: { b: { type: 'boolean' } } },
    },
  })
})
