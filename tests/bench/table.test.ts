import { describe, expect, it } from 'vitest'
import { formatTable, meetsTarget, type Row } from './table.ts'

const chain: Row = {
  name: 'chain',
  n: 1000,
  unit: 'us/node',
  engine: 32,
  best: 31,
  plain: 0.05,
  sqlite: 16,
  target: 40,
}

describe('the table', () => {
  it('shows how many times the floor and the target a case takes', () => {
    const [, , row = ''] = formatTable([chain]).split('\n')
    expect(row.split(/ {2,}/)).toEqual([
      'chain',
      '1000',
      'us/node',
      '32.0',
      '31.0',
      '0.050',
      '640',
      '16.0',
      '2.0',
      '40.0',
      '0.80',
      'met',
    ])
  })

  it('keeps numbers under each other', () => {
    const lines = formatTable([chain, { name: 'memory at first node', unit: 'MB', engine: 123.4 }]).split('\n')
    const end = (line: string | undefined, text: string): number => (line ?? '').indexOf(text) + text.length
    expect(end(lines[3], '123')).toBe(end(lines[2], '32.0'))
  })

  it('takes a rate below its target for missed, and a time above it', () => {
    expect(meetsTarget({ name: 'runs', unit: 'runs/s', engine: 4000, target: 5000 })).toBe(false)
    expect(meetsTarget({ name: 'runs', unit: 'runs/s', engine: 6000, target: 5000 })).toBe(true)
    expect(meetsTarget({ ...chain, engine: 41 })).toBe(false)
    expect(meetsTarget({ name: 'layered', unit: 'us/node', engine: 41 })).toBeUndefined()
  })
})
