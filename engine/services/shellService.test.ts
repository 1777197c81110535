import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordProgress } from '../../tests/support/recordProgress.ts'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import type { ShellCommand, ShellService } from '../sdk/services.ts'
import { readSecretsFrom } from './secretReader.ts'
import { createShellService } from './shellService.ts'

const calm = new AbortController().signal
const node = process.execPath
const script = (source: string, ...args: string[]): string[] => [node, '-e', source, ...args]

let workspace: TempFolder
let shell: ShellService

beforeEach(async () => {
  workspace = await tempFolder({ 'sub/file.txt': '' })
  const vault = new Map([
    ['token', { value: 'canary-4711', hosts: [] as string[] }],
    ['bound', { value: 'canary-b', hosts: ['example.com'] }],
  ])
  const environment = {
    PATH: process.env['PATH'],
    LANG: 'C',
    OPENAI_API_KEY: 'canary-key',
    SWITCHYARD_SECRET_X: 'canary-own',
  }
  shell = createShellService({
    workspace: workspace.path,
    secrets: readSecretsFrom({ get: async (name) => vault.get(name) }),
    environment,
    maxOutput: 100_000,
  })
})

afterEach(() => workspace.remove())

const run = (command: ShellCommand, signal = calm) => shell.run(command, signal, recordProgress())

/** Whether a process still runs; one that ended but was not yet collected by its parent does not. */
function isAlive(pid: number): boolean {
  const state =
    process.platform === 'linux'
      ? linuxState(pid)
      : spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}

/** The letter behind the name in parentheses; proc(5). */
function linuxState(pid: number): string {
  const path = `/proc/${pid}/stat`
  return existsSync(path) ? (readFileSync(path, 'utf8').split(') ').at(-1) ?? '') : ''
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

describe('the shell service', () => {
  it('runs a program with arguments as they are, and gives output, exit code and time', async () => {
    const result = await run({
      command: script(
        'console.log(process.argv.slice(1).join("|")); console.error("note"); process.exit(3)',
        'a b',
        '$HOME; rm -rf',
        '`id`',
      ),
    })
    expect(result).toMatchObject({
      exitCode: 3,
      stdout: 'a b|$HOME; rm -rf|`id`\n',
      stderr: 'note\n',
      durationMs: expect.any(Number) as unknown,
    })
  })

  it('interprets a text by the system’s shell', async () => {
    expect(await run({ command: 'printf "%s-" one two | tr a-z A-Z; exit 7' })).toMatchObject({
      exitCode: 7,
      stdout: 'ONE-TWO-',
    })
  })

  it('runs in the workspace, or a folder inside it, and nowhere else', async () => {
    const where = script('console.log(process.cwd())')
    expect((await run({ command: where })).stdout).toBe(`${workspace.path}\n`)
    expect((await run({ command: where, cwd: 'sub' })).stdout).toBe(`${workspace.at('sub')}\n`)
    for (const cwd of ['..', '/tmp', '.switchyard/../..'])
      await expect(run({ command: where, cwd })).rejects.toMatchObject({ code: 'file-outside' })
    await expect(run({ command: where, cwd: 'sub/file.txt' })).rejects.toMatchObject({ code: 'file-not-found' })
  })

  it('passes standard input and environment, secrets filled in and kept out of the output', async () => {
    const echo = script(
      'let s="";process.stdin.on("data",d=>s+=d).on("end",()=>console.log(s, process.env.TOKEN, process.env.OPENAI_API_KEY, process.env.SWITCHYARD_SECRET_X, process.env.LANG))',
    )
    const result = await run({ command: echo, stdin: 'typed', env: { TOKEN: { $secret: 'token' } } })
    expect(result.stdout).toBe('typed [secret token] undefined undefined C\n')
    const env = { TOKEN: { $secret: 'token' } }
    const seen = recordProgress()
    await shell.run({ command: ['sh', '-c', 'echo "$TOKEN"; echo "$TOKEN" >&2'], env }, calm, seen)
    expect(seen.texts.join('')).toBe('[secret token]\n[secret token]\n')
    const endless = ['sh', '-c', 'while :; do echo "$TOKEN"; done']
    const failure: unknown = await run({ command: endless, env }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'shell-output-too-large' })
    expect(JSON.stringify(failure)).not.toContain('canary-4711')
    await expect(run({ command: echo, env: { TOKEN: { $secret: 'bound' } } })).rejects.toMatchObject({
      code: 'secret-refused',
    })
  })

  it('does not wait for input that nobody gives', async () => {
    expect((await run({ command: ['cat'] })).stdout).toBe('')
  })

  it('reports output while it comes', async () => {
    const progress = recordProgress()
    await shell.run({ command: script('process.stdout.write("grüße ")') }, calm, progress)
    expect(progress.texts.join('')).toBe('grüße ')
  })

  it('names a program that is not there', async () => {
    await expect(run({ command: ['no-such-program-here'] })).rejects.toMatchObject({
      code: 'shell-not-found',
      retryable: false,
    })
    await expect(run({ command: [workspace.at('sub/file.txt')] })).rejects.toMatchObject({ code: 'shell-not-found' })
  })

  it('gives 128 and the signal’s number for a program that was killed', async () => {
    expect((await run({ command: script('process.kill(process.pid, "SIGKILL")') })).exitCode).toBe(137)
  })

  it('stops a program that prints without end', async () => {
    await expect(run({ command: ['yes'] })).rejects.toMatchObject({ code: 'shell-output-too-large' })
  })

  it('ends a program and what it started within a second of the abort, even if they refuse', async () => {
    const child = 'process.on("SIGTERM",()=>{});console.log(process.pid);setInterval(()=>{},1000)'
    const parent = `process.on("SIGTERM",()=>{});require("child_process").spawn(process.execPath,["-e",${JSON.stringify(child)}],{stdio:"inherit"});console.log(process.pid);setInterval(()=>{},1000)`
    const controller = new AbortController()
    const reason = new Error('enough')
    const progress = recordProgress()
    const running = shell.run({ command: script(parent) }, controller.signal, progress)
    const pids = (): number[] =>
      progress.texts
        .join('')
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map(Number)
    await until(() => pids().length === 2)
    const startedAt = performance.now()
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    await until(() => !pids().some(isAlive))
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })

  it('ends what a finished program left running, instead of waiting for its output', async () => {
    const result = await run({ command: 'sleep 600 & echo $!' })
    expect(result.exitCode).toBe(0)
    await until(() => !isAlive(Number(result.stdout)))
  })
})
