import { describe, expect, it } from 'vitest'
import { rankLabel } from './rank.ts'

describe('rankLabel', () => {
  it('puts a label before a keyword, and beginnings before middles', () => {
    const ranks = [
      rankLabel('Log', 'log'),
      rankLabel('Log in', 'log'),
      rankLabel('A log', 'log'),
      rankLabel('Print', 'log', ['log']),
      rankLabel('Print', 'log', ['logging']),
      rankLabel('Dialog', 'log'),
    ]
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a))
    expect(new Set(ranks).size).toBe(ranks.length)
  })

  it('finds every word, in any order', () => {
    expect(rankLabel('Write file', 'file write')).toBeGreaterThan(0)
    expect(rankLabel('Write file', 'file read')).toBe(0)
  })

  it('finds initials, and everything for nothing', () => {
    expect(rankLabel('HTTP request', 'hr')).toBeGreaterThan(0)
    expect(rankLabel('HTTP request', ' ')).toBe(1)
  })
})
