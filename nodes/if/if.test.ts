import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'

it.each([
  [true, 'true'],
  [1, 'true'],
  ['no', 'true'],
  [[], 'true'],
  [false, 'false'],
  [0, 'false'],
  ['', 'false'],
  [null, 'false'],
])('goes by the truth of JavaScript: %j goes to %s', async (condition, port) => {
  expect(await execute(executorCall({ condition }, { prev: { kept: 1 } }))).toEqual({ port, output: { kept: 1 } })
})
