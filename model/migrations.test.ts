import { describe, expect, it } from 'vitest'
import type { JsonObject } from './json.ts'
import { migrateDocument } from './migrations.ts'

const steps = new Map([
  ['old/1', (document: JsonObject): JsonObject => ({ ...document, format: 'old/2', first: true })],
  ['old/2', (document: JsonObject): JsonObject => ({ ...document, format: 'switchyard.flow/1', second: true })],
  ['circle', (document: JsonObject): JsonObject => document],
])

describe('migrateDocument', () => {
  it('goes step by step to the format of today', () => {
    expect(migrateDocument({ format: 'old/1', keep: 1 }, steps)).toEqual({
      format: 'switchyard.flow/1',
      keep: 1,
      first: true,
      second: true,
    })
    const today = { format: 'switchyard.flow/1' }
    expect(migrateDocument(today)).toBe(today)
  })

  it('gives up where no step leads on', () => {
    expect(migrateDocument({ format: 'constructor' })).toBeUndefined()
    expect(migrateDocument({ format: 7 }, steps)).toBeUndefined()
    expect(migrateDocument({ format: 'circle' }, steps)).toBeUndefined()
  })
})
