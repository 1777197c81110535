import { describe, expect, it } from 'vitest'
import type { EventBody, RunEvent } from '../../model/events.ts'
import { usageByNode } from './CostView.tsx'
import { logLines } from './logLines.ts'
import { axisLabel, axisStep, timelineOf } from './timelineModel.ts'
import { pageSize, rowExpression, shortValue, valueRows } from './valueRows.ts'
import { visitsOf } from './visits.ts'

const epoch = Date.parse('2026-03-01T10:00:00.000Z')

function run(...bodies: [number, EventBody][]): RunEvent[] {
  return bodies.map(([ms, body], index) => ({
    runId: 'r',
    seq: index + 1,
    at: new Date(epoch + ms).toISOString(),
    ...body,
  }))
}

const started: EventBody = { type: 'run.started', flow: 'a.flow.json', name: 'A', flowHash: '', machine: '', input: {} }
const failure = { code: 'http-503', message: 'Busy.', retryable: true }

describe('the timeline', () => {
  const events = run(
    [0, started],
    [0, { type: 'node.started', node: 'agent', visit: 1 }],
    [5, { type: 'node.started', node: 'fetch', visit: 1 }],
    [
      10,
      {
        type: 'node.started',
        node: 'agent/call1',
        visit: 1,
        call: { type: 'tool', tool: 'search', turn: 1, callId: 'c' },
      },
    ],
    [30, { type: 'node.finished', node: 'agent/call1', visit: 1, port: 'out', output: 1 }],
    [
      40,
      {
        type: 'node.retrying',
        node: 'fetch',
        visit: 1,
        error: failure,
        attempt: 2,
        resumeAt: new Date(epoch + 90).toISOString(),
      },
    ],
    [100, { type: 'node.finished', node: 'fetch', visit: 1, port: 'out', output: 2 }],
  )

  it('puts calls below their agent, in order of their start', () => {
    expect(timelineOf(events)?.lanes.map((lane) => [lane.path, lane.depth])).toEqual([
      ['agent', 0],
      ['agent/call1', 1],
      ['fetch', 0],
    ])
  })

  it('marks the retry and the time waited for it', () => {
    const [bar] = timelineOf(events)?.lanes[2]?.bars ?? []
    expect(bar).toMatchObject({ start: epoch + 5, end: epoch + 100, status: 'done', retries: [epoch + 40] })
    expect(bar?.waits).toEqual([{ from: epoch + 40, to: epoch + 90 }])
  })

  it('leaves the bar of a node under way open', () => {
    const [bar] = timelineOf(events)?.lanes[0]?.bars ?? []
    expect(bar?.status).toBe('running')
    expect(bar).not.toHaveProperty('end')
    expect(timelineOf(events)).not.toHaveProperty('end')
  })

  it('gives every visit a bar of its own', () => {
    const looped = run(
      [0, started],
      [1, { type: 'node.started', node: 'a', visit: 1 }],
      [2, { type: 'node.finished', node: 'a', visit: 1, port: 'out', output: null }],
      [3, { type: 'node.started', node: 'a', visit: 2 }],
    )
    expect(timelineOf(looped)?.lanes[0]?.bars.map((bar) => bar.visit)).toEqual([1, 2])
  })

  it('chooses round steps for its axis', () => {
    expect(axisStep(49_600, 8)).toBe(10_000)
    expect(axisStep(7, 8)).toBe(1)
    expect([0, 500, 1500].map((ms) => axisLabel(ms, 500))).toEqual(['0', '500 ms', '1.5 s'])
    expect(axisLabel(150_000, 30_000)).toBe('2:30')
  })
})

describe('the log', () => {
  it('tells failures and retries in words, and leaves starts and ends to the timeline', () => {
    const lines = logLines(
      run(
        [0, started],
        [1, { type: 'node.started', node: 'a', visit: 1 }],
        [2, { type: 'log', node: 'a', visit: 1, level: 'info', message: 'hello' }],
        [
          3,
          { type: 'node.retrying', node: 'a', visit: 1, error: failure, attempt: 2, resumeAt: '2026-03-01T10:00:01Z' },
        ],
        [4, { type: 'node.failed', node: 'a', visit: 1, error: failure }],
      ),
    )
    expect(lines.map((line) => [line.level, line.text])).toEqual([
      ['info', 'Run started'],
      ['info', 'hello'],
      ['warn', 'Attempt 1 failed (http-503), trying again: Busy.'],
      ['error', 'http-503: Busy.'],
    ])
  })
})

describe('values', () => {
  const value = { body: { 'content-type': 'x', items: [{ id: 7 }] } }

  it('gives every row the expression that reads it', () => {
    const open = new Set(['', 'body', 'body\u0000items', 'body\u0000items\u00000'])
    const rows = valueRows('output', value, { open, shown: new Map(), read: new Map() })
    expect(rows.map((row) => rowExpression('nodes.fetch.output', row))).toEqual([
      'nodes.fetch.output',
      'nodes.fetch.output.body',
      'nodes.fetch.output.body["content-type"]',
      'nodes.fetch.output.body.items',
      'nodes.fetch.output.body.items[0]',
      'nodes.fetch.output.body.items[0].id',
    ])
  })

  it('shows a long list page by page', () => {
    const list = Array.from({ length: 1000 }, (_, index) => index)
    const rows = valueRows('output', list, { open: new Set(['']), shown: new Map(), read: new Map() })
    expect(rows).toHaveLength(1 + pageSize + 1)
    expect(rows.at(-1)?.more).toBe(1000 - pageSize)
  })

  it('stays quick on a large value whose branches are closed', () => {
    const large = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`k${index}`, Array.from({ length: 10_000 }, () => 0)]),
    )
    expect(valueRows('output', large, { open: new Set(['']), shown: new Map(), read: new Map() })).toHaveLength(101)
  })

  it('opens a preview once its whole has been read', () => {
    const preview = { $blob: 'f00', size: 90_000, preview: '[1,2', type: 'array' }
    const open = new Set(['', 'items'])
    const closed = valueRows('output', { items: preview }, { open, shown: new Map(), read: new Map() })
    expect(closed[1]).toMatchObject({ name: 'items', unread: preview })
    const read = valueRows('output', { items: preview }, { open, shown: new Map(), read: new Map([['f00', [1, 2]]]) })
    expect(read.map((row) => row.name)).toEqual(['output', 'items', '0', '1'])
    expect(read[1]).not.toHaveProperty('unread')
  })

  it('shortens values to a line', () => {
    expect(shortValue('a\nb')).toBe('"a\\nb"')
    expect(shortValue([1, 2])).toBe('[2]')
    expect(shortValue({ a: 1, b: 2 })).toBe('{ a, b }')
    expect(shortValue({ $blob: 'f00', size: 90_000, preview: 'Once', type: 'string' })).toBe('Once')
  })
})

describe('visits', () => {
  it('joins what each visit read with how it ended', () => {
    const visits = visitsOf(
      run(
        [0, started],
        [1, { type: 'node.started', node: 'a', visit: 1, data: { url: 'x' } }],
        [2, { type: 'node.failed', node: 'a', visit: 1, error: failure }],
        [3, { type: 'node.started', node: 'b', visit: 1 }],
        [4, { type: 'node.cancelled', node: 'b', visit: 1 }],
      ),
    )
    expect(visits).toMatchObject([
      { node: 'a', data: { url: 'x' }, error: { code: 'http-503' } },
      { node: 'b', cancelled: true },
    ])
  })
})

describe('cost', () => {
  it('counts the calls of an agent for the agent, once', () => {
    const call = { type: 'model', model: 'm', turn: 1 } as const
    const rows = usageByNode(
      run(
        [0, started],
        [1, { type: 'node.started', node: 'agent', visit: 1 }],
        [2, { type: 'node.started', node: 'agent/call1', visit: 1, call }],
        [
          3,
          {
            type: 'node.finished',
            node: 'agent/call1',
            visit: 1,
            port: 'out',
            output: 1,
            usage: { inputTokens: 10, outputTokens: 2, cost: 0.01 },
          },
        ],
        [4, { type: 'node.started', node: 'agent/call2', visit: 1, call }],
        [
          5,
          {
            type: 'node.finished',
            node: 'agent/call2',
            visit: 1,
            port: 'out',
            output: 1,
            usage: { inputTokens: 5, outputTokens: 1 },
          },
        ],
        [
          6,
          {
            type: 'node.finished',
            node: 'agent',
            visit: 1,
            port: 'out',
            output: 1,
            usage: { inputTokens: 15, outputTokens: 3, cost: 0.01 },
          },
        ],
      ),
    )
    expect(rows).toEqual([{ node: 'agent', calls: 2, usage: { inputTokens: 15, outputTokens: 3, cost: 0.01 } }])
  })
})
