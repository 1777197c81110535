import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'

it('sets the variable and passes the value on', async () => {
  expect(await execute(executorCall({ name: 'total', value: { n: 1 } }))).toEqual({
    output: { n: 1 },
    vars: { total: { n: 1 } },
  })
})

it('fails where the name is no text', async () => {
  await expect(execute(executorCall({ name: null, value: 1 }))).rejects.toMatchObject({
    code: 'bad-setting',
    details: { field: 'data.name' },
  })
})
