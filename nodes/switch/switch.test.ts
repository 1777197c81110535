import { describe, expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

const cases = [
  { port: 'order', equals: 'order' },
  { port: 'pair', equals: [1, { a: null }] },
  { port: 'large', when: true },
  { port: 'never', when: true },
]
const portFor = async (value: unknown, list: unknown[] = cases) =>
  (await execute(executorCall({ value, cases: list }, { prev: 'in' }))).port

describe('switch', () => {
  it('takes the first case that fits, comparing as JSON', async () => {
    expect([await portFor('order'), await portFor([1, { a: null }]), await portFor('other')]).toEqual([
      'order',
      'pair',
      'large',
    ])
  })

  it('takes the default where none fits, and passes on what came in', async () => {
    expect(await execute(executorCall({ value: 5, cases: cases.slice(0, 2) }, { prev: 'in' }))).toEqual({
      port: 'default',
      output: 'in',
    })
    expect(await portFor('1', [{ port: 'one', equals: 1 }])).toBe('default')
  })

  it('has the ports of its cases, each once, and the default', () => {
    const ports = (list: unknown) => spec.ports({ cases: list }).outputs.map(({ name }) => name)
    expect(ports([...cases, { port: 'order', when: '{{ x }}' }])).toEqual([
      'order',
      'pair',
      'large',
      'never',
      'default',
    ])
    expect(ports([{}, null, { port: '' }])).toEqual(['default'])
    expect(ports('{{ oops }}')).toEqual(['default'])
  })

  it.each([
    [{ port: 'a' }],
    [{ port: 'a', equals: 1, when: true }],
    [{ port: 'not a port', equals: 1 }],
    [{ equals: 1 }],
  ])('refuses the case %j', (entry) => {
    expect(spec.data.safeParse({ cases: [entry] }).success).toBe(false)
  })
})
