import { describe, expect, it } from 'vitest'
import { schemaType, valueType } from './typeText.ts'

describe('types for completion', () => {
  it('writes a schema as TypeScript', () => {
    const schema = {
      type: 'object',
      properties: {
        id: { type: 'integer' },
        tags: { type: 'array', items: { type: 'string' } },
        'content-type': { enum: ['a', 'b'] },
      },
      required: ['id'],
    }
    expect(schemaType(schema)).toBe('{ "id": number; "tags"?: (string)[]; "content-type"?: "a" | "b" }')
  })

  it('leaves open what a schema leaves open', () => {
    expect(schemaType({})).toBe('any')
    expect(schemaType({ type: 'object' })).toBe('Record<string, any>')
    expect(schemaType({ type: ['string', 'null'] })).toBe('string | null')
  })

  it('cannot be broken out of by a description', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', description: '*/ evil() /*' } } }
    expect(schemaType(schema)).toBe('{ /** * / evil() /* */ "a"?: string }')
  })

  it('writes what was seen', () => {
    expect(valueType({ ok: true, items: [{ id: 1 }], none: null })).toBe(
      '{ "ok": boolean; "items": ({ "id": number })[]; "none": null }',
    )
  })
})
