import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { positionAt, scanJson } from './jsonScan.ts'

function problemsOf(text: string, maxDepth = 100): string[] {
  return scanJson(text, { maxDepth }).map((problem) => problem.code)
}

/** Whether a text is JSON whose numbers all have a value. */
function isJson(text: string): boolean {
  let isFinite = true
  try {
    JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === 'number' && !Number.isFinite(value)) isFinite = false
    })
    return isFinite
  } catch {
    return false // which is the answer
  }
}

const pieces = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  'a',
  '\\',
  '\\u00',
  '41',
  '1',
  '-',
  '.',
  'e+',
  '0',
  'true',
  'null',
  ' ',
  '\n',
  '\u0001',
  '\u2028',
  '"k":',
  '"v"',
]

describe('scanJson', () => {
  it('takes exactly what JSON.parse takes', () => {
    const text = fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join('')),
      fc.json(),
      fc
        .tuple(fc.json(), fc.nat(40), fc.constantFrom(...pieces))
        .map(([json, at, put]) => json.slice(0, at) + put + json.slice(at)),
    )
    fc.assert(
      fc.property(text, (json) => {
        expect(problemsOf(json).includes('syntax')).toBe(!isJson(json))
      }),
      { numRuns: 3000 },
    )
  })

  it('refuses numbers that JSON.parse turns into infinity', () => {
    expect(problemsOf('[1e308]')).toEqual([])
    expect(problemsOf('[1e999]')).toEqual(['syntax'])
  })

  it('finds repeated keys however many there are and however they are written', () => {
    const keys = Array.from({ length: 500 }, (_, index) => `"k${index}":0`).join()
    expect(problemsOf(`{${keys}}`)).toEqual([])
    expect(problemsOf(`{${keys},"k499":0,"\\u006b0":0}`)).toEqual(['duplicate-key', 'duplicate-key'])
    expect(problemsOf('{"a":{"x":1},"b":{"x":1}}')).toEqual([])
  })

  it('tells the keys and items of the second level, with their place', () => {
    const entries: unknown[] = []
    scanJson('{"n":{"a":{"deep":[1]},"b":2},"e":["x",\n"y"]}', {
      maxDepth: 9,
      onEntry: (...entry) => entries.push(entry),
    })
    expect(entries).toEqual([
      ['n', 'a', 10],
      ['n', 'b', 27],
      ['e', 0, 35],
      ['e', 1, 40],
    ])
  })

  it('stops at the depth allowed', () => {
    expect(problemsOf('[[[]]]', 3)).toEqual([])
    expect(problemsOf('[[[[]]]]', 3)).toEqual(['too-deep'])
  })

  it('names the place where a container that is not closed begins', () => {
    const [problem] = scanJson('{\n  "a": [1,\n', { maxDepth: 9 })
    expect(problem?.message).toBe('The file ends inside the list that begins on line 2.')
  })
})

describe('positionAt', () => {
  it('counts lines and columns from 1', () => {
    expect([0, 2, 3, 4].map((offset) => positionAt('ab\ncd', offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 2 },
    ])
  })
})
