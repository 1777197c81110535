import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Executor } from '../../engine/sdk/executor.ts'
import type { NodeSpec } from '../../model/nodeSpec.ts'
import { executorCall } from '../support/executorCall.ts'
import { tempFolder, type TempFolder } from '../support/tempFolder.ts'

const root = join(import.meta.dirname, '../..')
let elsewhere: TempFolder

/** A tree beside this one, with the same contracts and no kinds. */
beforeAll(async () => {
  elsewhere = await tempFolder({ 'nodes/taken/spec.ts': '' })
  for (const folder of ['model', 'engine', 'node_modules']) await symlink(join(root, folder), elsewhere.at(folder))
})
afterAll(() => elsewhere.remove())

const newKind = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/newKind.mjs'), '--root', elsewhere.path, ...args], {
    encoding: 'utf8',
  })

describe('npm run new:kind', () => {
  it('lays down a kind that parses its settings and runs', async () => {
    expect(newKind('repeat-text')).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(elsewhere.at('nodes/repeat-text')).sort()).toEqual([
      'execute.ts',
      'fixtures',
      'repeat-text.test.ts',
      'spec.ts',
    ])
    const from = (file: string): Promise<Record<string, unknown>> =>
      import(pathToFileURL(elsewhere.at(`nodes/repeat-text/${file}`)).href)
    const spec = (await from('spec.ts'))['spec'] as NodeSpec
    const execute = (await from('execute.ts'))['execute'] as Executor
    expect(spec).toMatchObject({ kind: 'repeat-text', version: 1, palette: { label: 'Repeat text' } })
    expect(spec.data.parse({ text: '{{ prev }}' })).toEqual({ text: '{{ prev }}', times: 1 })
    expect(await execute(executorCall({ text: 'ab', times: 2 }))).toEqual({ output: { text: 'abab' } })
  })

  it.each([['Bad_Name'], ['-x'], ['a--b'], ['taken'], ['a', 'b'], []])(
    'refuses %j %j and writes nothing',
    (...args) => {
      const before = readdirSync(elsewhere.at('nodes'))
      expect(newKind(...args.filter((arg) => typeof arg === 'string'))).toMatchObject({
        status: expect.toSatisfy((code: number) => code > 0) as unknown,
      })
      expect(readdirSync(elsewhere.at('nodes'))).toEqual(before)
    },
  )
})
