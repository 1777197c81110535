import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

describe('schemas', () => {
  it('are made only where zod was told to compile none of them to functions', () => {
    const files = globSync('{model,engine,nodes,renderer,electron}/**/*.{ts,tsx}', { cwd: root })
    const makers = files.filter((file) => {
      const text = readFileSync(`${root}/${file}`, 'utf8')
      const usesZod =
        /^import \{[^}]*\bz\b[^}]*\} from 'zod'/m.test(text) && !file.includes('.test.') && file !== 'model/jitless.ts'
      return (
        usesZod && !/from '(?:\.\.\/)*model\/settings\.ts'|import '(?:\.\/|(?:\.\.\/)+model\/)jitless\.ts'/.test(text)
      )
    })
    expect(files.length).toBeGreaterThan(100)
    expect(makers).toEqual([])
  })
})
