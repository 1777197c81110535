import { readFileSync } from 'node:fs'
import { Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import { flowJsonSchema } from './flowSchema.ts'

describe('flow.schema.json', () => {
  const text = readFileSync(new URL('flow.schema.json', import.meta.url), 'utf8')

  it('is what the parser is generated from (npm run schema writes it)', () => {
    expect(JSON.parse(text)).toEqual(flowJsonSchema())
  })

  it('accepts a flow and refuses a wrong one', () => {
    const validator = new Validator(flowJsonSchema(), '2020-12')
    const flow = { format: 'switchyard.flow/1', name: 'x', nodes: { a: { kind: 'set' } }, edges: ['a -> b:in'] }
    expect(validator.validate(flow).valid).toBe(true)
    expect(validator.validate({ ...flow, edges: ['a => b'] }).valid).toBe(false)
    expect(validator.validate({ ...flow, nodes: { a: { label: 'no kind' } } }).valid).toBe(false)
    expect(validator.validate({ ...flow, nodes: { a: { kind: 'set', policy: { timeout: 'soon' } } } }).valid).toBe(
      false,
    )
  })
})
