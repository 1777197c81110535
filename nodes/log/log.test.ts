import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'

it('logs its message on its level and passes it on', async () => {
  const call = executorCall({ message: 'disk nearly full', level: 'warn' })
  expect(await execute(call)).toEqual({ output: 'disk nearly full' })
  expect(call.logged).toEqual([{ level: 'warn', message: 'disk nearly full' }])
})

it('logs values as JSON, at level info unless told', async () => {
  const call = executorCall({ message: { n: [1] } })
  await execute(call)
  expect(call.logged).toEqual([{ level: 'info', message: '{"n":[1]}' }])
})

it('fails on a level that there is not', async () => {
  await expect(execute(executorCall({ message: 'x', level: 'loud' }))).rejects.toMatchObject({
    code: 'bad-setting',
    details: { field: 'data.level' },
  })
})
