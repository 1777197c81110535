import { describe, expect, it } from 'vitest'
import { rankKind, readKindSearch } from './kindSearch.ts'

describe('the search for a new node', () => {
  it('takes what follows a colon as the name', () => {
    expect(readKindSearch('http: Users: all ')).toEqual({ search: 'http', label: 'Users: all' })
    expect(readKindSearch('http:')).toEqual({ search: 'http', label: undefined })
    expect(readKindSearch('http')).toEqual({ search: 'http', label: undefined })
  })

  it('ranks kinds whatever the name is', () => {
    expect(rankKind('HTTP request', 'http: If it rains')).toBe(rankKind('HTTP request', 'http'))
    expect(rankKind('If', 'http: If it rains')).toBe(0)
  })
})
