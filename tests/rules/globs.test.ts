import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Files that may find kinds by `import.meta.glob`: one registry per thing that a kind's folder holds. */
const allowed: readonly string[] = ['engine/kinds.ts', 'renderer/kinds.ts']

it('kinds are found by glob in the registries alone', () => {
  const files = globSync('{model,nodes,engine,renderer,electron}/**/*.{ts,tsx}', {
    cwd: root,
    ignore: '**/*.test.{ts,tsx}',
  })
  const using = files.filter((file) => readFileSync(join(root, file), 'utf8').includes('import.meta.glob'))
  expect(using.sort()).toEqual(allowed)
})
