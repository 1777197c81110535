import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'

it('passes the run’s input on', async () => {
  expect(await execute(executorCall({}, { prev: { topic: 'tea' } }))).toEqual({ output: { topic: 'tea' } })
})
