import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { helpFor } from './errorCodes.ts'

describe('helpFor', () => {
  it('has a line for every code that the sources throw', () => {
    const root = new URL('..', import.meta.url).pathname
    const files = globSync('{engine,nodes,model,electron}/**/*.ts', { cwd: root }).filter(
      (file) => !file.endsWith('.test.ts'),
    )
    const codes = files.flatMap((file) =>
      [...readFileSync(`${root}/${file}`, 'utf8').matchAll(/new NodeFailure\(\s*'([a-z0-9-]+)'/g)].map(
        ([, code]) => code ?? '',
      ),
    )
    expect(codes.length).toBeGreaterThan(20)
    expect([...new Set(codes)].filter((code) => helpFor(code) === undefined)).toEqual([])
  })

  it('tells statuses of servers apart', () => {
    expect(helpFor('http-404')).toContain('path')
    expect(helpFor('http-503')).toContain('retry')
    expect(helpFor('http-401')).toContain('key')
  })

  it('knows nothing of codes that a flow makes up, nor of names every object has', () => {
    expect(helpFor('too-expensive')).toBeUndefined()
    expect(helpFor('constructor')).toBeUndefined()
  })
})
