import { describe, expect, it } from 'vitest'
import { defaultInput, inputFields, inputProblems } from './inputSchema.ts'

const schema = {
  type: 'object',
  properties: {
    city: { type: 'string', title: 'City', minLength: 2 },
    days: { type: 'integer', default: 3, maximum: 7 },
    unit: { enum: ['metric', 'imperial'] },
    extra: { type: 'object' },
  },
  required: ['city'],
}

describe('the form of a run’s inputs', () => {
  it('is made from the properties of the schema', () => {
    expect(inputFields(schema).map((field) => [field.label, field.type, field.required])).toEqual([
      ['City', 'string', true],
      ['days', 'integer', false],
      ['unit', 'enum', false],
      ['extra', 'json', false],
    ])
    expect(defaultInput(schema)).toEqual({ days: 3 })
  })

  it('names a missing input once, and what breaks the schema at its field', () => {
    expect(inputProblems(schema, {})).toEqual([{ name: 'city', message: 'This input is needed.' }])
    const problems = inputProblems(schema, { city: 'X', days: 9, unit: 'none' })
    expect(problems.map((problem) => problem.name)).toEqual(['city', 'days', 'unit'])
  })

  it('has nothing against an input that fits', () => {
    expect(inputProblems(schema, { city: 'Oslo', days: 2, unit: 'metric' })).toEqual([])
    expect(inputProblems(undefined, {})).toEqual([])
  })
})
