// `npm run new:kind -- my-kind`: lays down a node kind that works and passes the conformance tests, to be changed from there.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const usage = 'usage: npm run new:kind -- <kebab-case-name>'
const { positionals, values } = parseArgs({ allowPositionals: true, options: { root: { type: 'string' } } })
const [kind] = positionals

if (kind === undefined || positionals.length > 1) stop(usage)
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kind))
  stop(`"${kind}" is no kind's name: small letters, digits and single hyphens, such as merge-lists.`)
const folder = join(values.root ?? join(import.meta.dirname, '..'), 'nodes', kind)
if (existsSync(folder)) stop(`There is a kind "${kind}" already, in nodes/${kind}.`)

const words = kind.replaceAll('-', ' ')
const label = words[0].toUpperCase() + words.slice(1)
mkdirSync(join(folder, 'fixtures'), { recursive: true })
write('spec.ts', specText())
write('execute.ts', executeText())
write(`${kind}.test.ts`, testText())
write('fixtures/v1.json', `${JSON.stringify({ text: 'Hello {{ input.name }}', times: 2 }, null, 2)}\n`)
write('fixtures/run.json', `${JSON.stringify({ text: 'Hello Ada', times: 2 }, null, 2)}\n`)
console.log(`nodes/${kind} is there, and works: it repeats a text.

Next:
  1. spec.ts         what it is called, its settings, ports, output and the services it needs
  2. execute.ts      what it does; settings arrive evaluated, failures are thrown as NodeFailure
  3. ${kind}.test.ts   what it promises
  4. fixtures/       v1.json settings as written, run.json settings as evaluated
Then: npx vitest run --project unit nodes/${kind} tests/conformance`)

function stop(message) {
  console.error(message)
  process.exit(2)
}

function write(name, text) {
  writeFileSync(join(folder, name), text, { flag: 'wx' })
}

function specText() {
  return `import { defineKind } from '../../model/nodeSpec.ts'
import { asText, defineSettings, freeText, numeric, objectSchema, withDefault } from '../../model/settings.ts'
import { firstLine } from '../../model/subtitle.ts'

/** Each setting in its two states: as written, where it may be a template, and as evaluated. */
export const settings = defineSettings({
  text: freeText(),
  times: withDefault(numeric({ min: 0, max: 1000, integer: true }), 1),
})

/** Repeats a text. */
export const spec = defineKind({
  kind: '${kind}',
  version: 1,
  palette: {
    label: '${label.length > 24 ? label.slice(0, 24) : label}',
    group: 'Data',
    icon: 'box',
    summary: 'Repeats a text as often as told.',
    keywords: [${[...new Set([...words.split(' '), 'repeat', 'text', 'copy'])].map((word) => `'${word}'`).join(', ')}],
  },
  needs: [],
  idempotent: true,
  pure: true,
  ports: () => ({ inputs: [{ name: 'in' }], outputs: [{ name: 'out' }] }),
  fields: [
    { name: 'text', label: 'Text', editor: 'multiline', required: true, placeholder: '{{ prev }}' },
    { name: 'times', label: 'Times', editor: 'number', help: 'How often the text stands in the output.' },
  ],
  data: settings.written,
  output: () => objectSchema({ text: { type: 'string' } }),
  subtitle: (data) => firstLine(asText(data.text)),
  migrations: {},
})
`
}

function executeText() {
  return `import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

export const execute: Executor = async ({ data }) => {
  const { text, times } = parseSettings(settings.evaluated, data)
  return { output: { text: text.repeat(times) } }
}
`
}

function testText() {
  return `import { expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'

it('repeats its text', async () => {
  expect(await execute(executorCall({ text: 'ab', times: 3 }))).toEqual({ output: { text: 'ababab' } })
})

it('fails where a template gave no number', async () => {
  await expect(execute(executorCall({ text: 'ab', times: 'often' }))).rejects.toMatchObject({
    code: 'bad-setting',
    details: { field: 'data.times' },
  })
})
`
}
