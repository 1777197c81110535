import { describe, expect, it } from 'vitest'
import { parseEvents } from './eventSchema.ts'

const good =
  '{"runId":"r","seq":1,"at":"2026-01-01T00:00:00.000Z","type":"node.skipped","node":"a","visit":1,"later":true}'

describe('parseEvents', () => {
  it('reads one event per line and keeps fields it does not know', () => {
    expect(parseEvents(`${good}\n\n`)).toEqual({ events: [JSON.parse(good)], problems: [] })
  })

  it('leaves out what is damaged, wrong or unknown, and says on which line', () => {
    const bad = [
      good.slice(0, 40),
      good.replace('"seq":1', '"seq":"1"'),
      good.replace('node.skipped', 'node.dreamt'),
      good.replace('"later":true', '"__proto__":{"x":1}'),
      '['.repeat(100_000),
      good.replace('2026-01-01', 'yesterday'),
    ]
    const { events, problems } = parseEvents([...bad, good].join('\n'))
    expect(events).toHaveLength(1)
    expect(problems.map((problem) => problem.line)).toEqual([1, 2, 3, 4, 5, 6])
  })
})
