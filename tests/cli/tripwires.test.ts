import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { flowText } from '../support/runFlow.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A stranger's flow: one node of every kind that reaches outside, and expressions that would like to. */
const hostile = flowText(
  {
    start: { kind: 'start' },
    page: {
      kind: 'http',
      data: { url: 'http://127.0.0.1:9/{{ env.HOME }}', headers: { authorization: { $secret: 'openai' } } },
    },
    command: { kind: 'shell', data: { command: ['sh', '-c', 'touch /tmp/switchyard-was-here'] } },
    passwords: { kind: 'read-file', data: { path: '/etc/passwd' } },
    folder: { kind: 'list-files', data: { dir: '/etc' } },
    write: { kind: 'write-file', data: { path: '../switchyard-was-here', content: 'x' } },
    ask: { kind: 'llm', data: { model: 'openai/x', prompt: '{{ (() => { throw process.env })() }}' } },
    agent: {
      kind: 'agent',
      data: { model: 'ollama/x', instructions: 'x', input: '{{ constructor.constructor("return process")().exit() }}' },
    },
    code: { kind: 'code', data: { source: 'globalThis.process.exit(7)' } },
    escape: {
      kind: 'set',
      data: { values: { a: '{{ [].constructor.constructor("return this")() }}', b: '{{ while (true) {} }}' } },
    },
    tool: {
      kind: 'shell',
      data: { command: ['true'] },
      params: { type: 'object', $ref: 'http://127.0.0.1:9/schema.json' },
    },
  },
  [
    'start -> page',
    'page -> command',
    'command -> passwords',
    'passwords -> folder',
    'folder -> write',
    'write -> ask',
    'ask -> agent',
    'agent -> code',
    'tool -> agent:tools',
  ],
  {
    env: ['HOME', 'PATH'],
    description: '![x](http://127.0.0.1:9/pixel.png)',
    inputs: { type: 'object', properties: { a: { $ref: 'http://127.0.0.1:9/schema.json' } } },
  },
)
/** The same without what makes it invalid, so that it comes as far as a start. */
const hostileButValid = hostile.replace('{{ while (true) {} }}', 'x')

interface Watched {
  exit: number | null
  stdout: string
  reached: string[]
  dir: string
}

async function watched(args: readonly string[], text: string): Promise<Watched> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-trip-')))
  const log = join(await mkdtemp(join(tmpdir(), 'switchyard-log-')), 'reached.txt')
  await writeFile(join(dir, 'hostile.flow.json'), text)
  const env = {
    ...process.env,
    TRIPWIRE_LOG: log,
    TRIPWIRE_ALLOW: [root.replace(/\/$/, ''), dir, dirname(dirname(process.execPath))].join(delimiter),
    OPENAI_API_KEY: 'sk-canary',
  }
  const child = spawn(
    process.execPath,
    ['--import', join(root, 'tests/support/tripwire.mjs'), join(root, 'dist/engine/cli.js'), ...args],
    { cwd: dir, env },
  )
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.resume()
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const reached = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '')
  return { exit, stdout, reached, dir }
}

describe('a hostile flow', () => {
  it.each([
    ['validate', ['validate', 'hostile.flow.json', '--json'], hostile],
    ['validate, without its mistakes', ['validate', 'hostile.flow.json'], hostileButValid],
    ['compile', ['compile', 'hostile.flow.json'], hostileButValid],
    ['compile to a module', ['compile', 'hostile.flow.json', '--format', 'ts'], hostileButValid],
    ['compile to a diagram', ['compile', 'hostile.flow.json', '--format', 'mermaid'], hostileButValid],
    ['run without trust', ['run', 'hostile.flow.json', '--events'], hostileButValid],
    ['doctor', ['doctor'], hostile],
  ])('reaches nothing outside by %s', async (_name, args, text) => {
    const { reached, dir } = await watched(args, text)
    expect(reached).toEqual([])
    expect(existsSync('/tmp/switchyard-was-here') || existsSync(join(dirname(dir), 'switchyard-was-here'))).toBe(false)
    expect((await readdir(dir)).filter((name) => name !== '.switchyard')).toEqual(['hostile.flow.json'])
  })

  it('exits 3 with no event where it is run without trust', async () => {
    const { exit, stdout } = await watched(['run', 'hostile.flow.json', '--events'], hostileButValid)
    expect([exit, stdout]).toEqual([3, ''])
  })

  it('shows that the wires work, where it is trusted', async () => {
    const text = flowText({ start: { kind: 'start' }, act: { kind: 'shell', data: { command: ['true'] } } }, [
      'start -> act',
    ])
    const { exit, reached, stdout } = await watched(['run', 'hostile.flow.json', '--trust', '--json'], text)
    expect([exit, stdout]).toEqual([0, expect.stringContaining('completed')])
    expect(reached.some((line) => line.startsWith('process spawn'))).toBe(true)
  })
})
