import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folders = ['model', 'nodes', 'engine', 'renderer', 'electron']

/** Import lines that the walls must refuse, by the file that would hold them. */
const forbidden: readonly [file: string, line: string, rule: string][] = [
  ['model/a.ts', "import '../engine/run/run.ts'", 'wall-model'],
  ['model/b.ts', "import 'xstate'", 'wall-model'],
  ['model/c.ts', "import 'node:fs'", 'wall-model'],
  ['nodes/delay/spec.ts', "import './execute.ts'", 'wall-spec'],
  ['nodes/delay/execute.ts', "import '../other/spec.ts'", 'kinds-never-import-kinds'],
  ['nodes/http/execute.ts', "import '../../engine/services/files.ts'", 'wall-executor'],
  ['nodes/shell/execute.ts', "import 'execa'", 'wall-executor'],
  ['nodes/code/execute.ts', "import 'node:child_process'", 'wall-executor'],
  ['nodes/llm/card.tsx', "import '../../renderer/canvas/canvas.ts'", 'wall-card'],
  ['renderer/sdk/a.ts', "import '../canvas/canvas.ts'", 'wall-renderer-sdk'],
  ['renderer/a.ts', "import '../engine/run/run.ts'", 'wall-renderer'],
  ['renderer/b.ts', "import 'openai'", 'wall-renderer'],
  ['renderer/c.ts', "import '../nodes/other/spec.ts'", 'kinds-by-glob-only'],
  ['engine/sdk/a.ts', "import '../run/run.ts'", 'wall-engine-sdk'],
  ['engine/compile/a.ts', "import '../run/run.ts'", 'wall-compile'],
  [
    'engine/compile/b.ts',
    "import { createMachine } from 'xstate'\nexport const m = createMachine",
    'xstate-types-only-in-compile',
  ],
  ['engine/services/a.ts', "import '../run/run.ts'", 'wall-services'],
  ['engine/run/a.ts', "import 'openai'", 'wall-run'],
  ['engine/a.ts', "import '../renderer/canvas/canvas.ts'", 'wall-engine'],
  ['electron/a.ts', "import { app } from 'electron'\nexport const a = app", 'electron-in-entries-only'],
  ['electron/b.ts', "import '../engine/run/run.ts'", 'wall-electron'],
  ['engine/d.ts', "import '../tests/support/help.ts'", 'product-never-imports-tests'],
]

const allowed: readonly [file: string, line: string][] = [
  ['model/x.ts', "import 'zod'"],
  ['nodes/set/spec.ts', "import '../../model/x.ts'"],
  ['nodes/set/execute.ts', "import './spec.ts'\nimport '../../engine/sdk/x.ts'"],
  ['nodes/set/card.tsx', "import './spec.ts'\nimport 'react'"],
  ['engine/sdk/x.ts', "import '../../model/x.ts'"],
  ['engine/compile/x.ts', "import type { Machine } from 'xstate'\nexport type M = Machine"],
  ['engine/run/x.ts', "import 'xstate'\nimport 'node:fs'"],
  ['engine/services/x.ts', "import 'openai'"],
  ['electron/x.ts', "import type { App } from 'electron'\nexport type A = App"],
  ['electron/main.ts', "import { app } from 'electron'\nexport const a = app"],
  ['renderer/x.ts', "import 'react'\nimport '../model/x.ts'"],
]

const targets = [
  'engine/run/run.ts',
  'engine/services/files.ts',
  'renderer/canvas/canvas.ts',
  'nodes/other/spec.ts',
  'nodes/delay/other.ts',
  'tests/support/help.ts',
]
const packages = ['zod', 'xstate', 'openai', 'execa', 'react', 'electron']

async function violations(baseDir: string): Promise<{ from: string; rule: string }[]> {
  const options = await extractOptions(join(root, '.dependency-cruiser.js'))
  const tsConfig = extractTsConfig(join(root, 'tsconfig.lint.json'))
  const { output } = await cruise(folders, { ...options, baseDir, outputType: 'json' }, {}, { tsConfig })
  const result = JSON.parse(String(output)) as ICruiseResult
  return result.summary.violations.map((violation) => ({ from: violation.from, rule: violation.rule.name }))
}

describe('the walls', () => {
  it('hold in the product', async () => {
    expect(await violations(root)).toEqual([])
  }, 60_000)

  describe('in a tree that breaks them', () => {
    let tree: string
    let found: { from: string; rule: string }[]

    beforeAll(async () => {
      tree = mkdtempSync(join(tmpdir(), 'walls-'))
      for (const target of targets) write(tree, target, 'export const value = 1\n')
      for (const name of packages) {
        write(tree, `node_modules/${name}/index.js`, 'module.exports = {}\n')
        write(tree, `node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
      }
      cpSync(join(root, 'package.json'), join(tree, 'package.json'))
      for (const [file, line] of [...allowed, ...forbidden]) write(tree, file, `${line}\n`)
      write(tree, 'engine/cycleA.ts', "import { b } from './cycleB.ts'\nexport const a = () => b\n")
      write(tree, 'engine/cycleB.ts', "import { a } from './cycleA.ts'\nexport const b = () => a\n")
      write(tree, 'engine/typesA.ts', "import type { B } from './typesB.ts'\nexport interface A { b: B }\n")
      write(tree, 'engine/typesB.ts', "import type { A } from './typesA.ts'\nexport interface B { a: A }\n")
      found = await violations(tree)
    }, 60_000)
    afterAll(() => rmSync(tree, { recursive: true }))

    it.each(forbidden)('%s may not say %s', (file, _line, rule) => {
      expect(found).toContainEqual({ from: file, rule })
    })

    it('lets each folder use its own row', () => {
      const innocent = new Set(allowed.map(([file]) => file))
      expect(found.filter((violation) => innocent.has(violation.from))).toEqual([])
    })

    it('refuses a cycle at run time and allows one of types', () => {
      const cyclic = found.filter((violation) => violation.rule === 'no-runtime-cycles')
      expect(cyclic.map((violation) => violation.from)).toEqual(['engine/cycleA.ts'])
    })
  })
})

function write(tree: string, file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true })
  writeFileSync(join(tree, file), text)
}
