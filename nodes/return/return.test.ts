import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

it('gives its value, whatever its type', async () => {
  expect(await execute(executorCall({ value: [1, { a: null }] }))).toEqual({ output: [1, { a: null }] })
  expect(await execute(executorCall({ value: null }))).toEqual({ output: null })
})

it('returns what came in unless a value is set', () => {
  expect(spec.data.parse({})).toEqual({ value: '{{ prev }}' })
})
