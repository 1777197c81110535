import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

it('runs its source in the sandbox over everything expressions see', async () => {
  const scope = { input: { n: 2 }, prev: 3, nodes: {} }
  const call = executorCall(
    { source: 'return input.n * prev', idempotent: true },
    {
      scope,
      services: { sandbox: { run: async (source, given) => ({ source, sees: given === scope }) } },
    },
  )
  expect(await execute(call)).toEqual({ output: { source: 'return input.n * prev', sees: true } })
})

it('may be repeated after a crash unless its author says otherwise', () => {
  const isIdempotent = spec.idempotent as (data: Record<string, unknown>) => boolean
  expect([isIdempotent(spec.data.parse({ source: '' })), isIdempotent({ source: '', idempotent: false })]).toEqual([
    true,
    false,
  ])
})

it('keeps its source from being read as a template', () => {
  expect(spec.verbatim).toEqual(['source'])
})
