import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'

it('fails with its code and message', async () => {
  await expect(execute(executorCall({ code: 'no-results', message: 'Nothing found.' }))).rejects.toMatchObject({
    code: 'no-results',
    message: 'Nothing found.',
    retryable: false,
  })
})

it('writes a message that is no text as JSON', async () => {
  await expect(execute(executorCall({ code: 'odd', message: { n: 1 } }))).rejects.toMatchObject({ message: '{"n":1}' })
})
