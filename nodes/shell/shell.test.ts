import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSecretsFrom } from '../../engine/services/secretReader.ts'
import { createShellService } from '../../engine/services/shellService.ts'
import { executorCall } from '../../tests/support/executorCall.ts'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

let workspace: TempFolder
beforeEach(async () => {
  workspace = await tempFolder({ 'sub/a.txt': 'a' })
})
afterEach(() => workspace.remove())

function run(data: Record<string, unknown>, more: { key?: string; attempt?: number } = {}) {
  const secrets = readSecretsFrom({ get: async () => undefined })
  const shell = createShellService({ workspace: workspace.path, secrets, environment: { PATH: process.env['PATH'] } })
  return execute(executorCall(data, { services: { shell }, ...more }))
}

describe('shell', () => {
  it('runs a program with evaluated arguments, numbers among them', async () => {
    const { output } = await run({
      command: [process.execPath, '-e', 'console.log(process.argv.slice(1).join())', 5, 'a b', '$(id)'],
    })
    expect(output).toMatchObject({
      exitCode: 0,
      stdout: '5,a b,$(id)\n',
      stderr: '',
      durationMs: expect.any(Number) as unknown,
    })
  })

  it('runs a command line only where its author asked for a shell', async () => {
    expect((await run({ command: 'echo one | tr a-z A-Z', shell: true })).output).toMatchObject({ stdout: 'ONE\n' })
    await expect(run({ command: 'echo one' })).rejects.toMatchObject({
      code: 'bad-setting',
      details: { field: 'data.command' },
    })
    expect(spec.data.safeParse({ command: 'echo one' }).success).toBe(false)
    expect(spec.data.safeParse({ command: '{{ input.command }}' }).success).toBe(true)
  })

  it('never lets an argument of a list become code', async () => {
    expect((await run({ command: ['echo', 'a; echo b', '$HOME'], shell: true })).output).toMatchObject({
      stdout: 'a; echo b $HOME\n',
    })
  })

  it('tells the program the effect’s key and the attempt', async () => {
    const source =
      'console.log(process.env.SWITCHYARD_EFFECT_KEY, process.env.SWITCHYARD_EFFECT_ATTEMPT, process.env.MODE)'
    const { output } = await run(
      { command: [process.execPath, '-e', source], env: { MODE: 'x' } },
      { key: 'r1/build#2', attempt: 3 },
    )
    expect(output).toMatchObject({ stdout: 'r1/build#2 3 x\n' })
  })

  it('fails as shell-exit with the end of what was printed', async () => {
    const source = 'process.stdout.write("x".repeat(9000) + "end"); console.error("no such branch"); process.exit(2)'
    const failure = await run({ command: [process.execPath, '-e', source] }).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'shell-exit',
      retryable: false,
      message: expect.stringContaining('no such branch') as unknown,
    })
    expect(failure).toMatchObject({
      details: { exitCode: 2, stdout: expect.stringMatching(/^x{3997}end$/) as unknown, stderr: 'no such branch\n' },
    })
  })

  it('takes exit codes that are expected', async () => {
    const command = [process.execPath, '-e', 'process.exit(1)']
    expect((await run({ command, expectExit: [0, 1] })).output).toMatchObject({ exitCode: 1 })
    await expect(run({ command, expectExit: [2] })).rejects.toMatchObject({ code: 'shell-exit' })
  })

  it('reads standard input, values as JSON, and runs in the folder named', async () => {
    expect((await run({ command: ['cat'], stdin: { n: 1 } })).output).toMatchObject({ stdout: '{"n":1}' })
    expect((await run({ command: ['ls'], cwd: 'sub' })).output).toMatchObject({ stdout: 'a.txt\n' })
  })

  it.each([
    [{ command: [] }, 'data.command'],
    [{ command: ['a', null] }, 'data.command'],
    [{ command: ['a'], expectExit: 'zero' }, 'data.expectExit'],
  ])('names the setting that %j got wrong', async (data, field) => {
    await expect(run(data)).rejects.toMatchObject({ code: 'bad-setting', details: { field } })
  })

  it('is never repeated on its own after a crash', () => {
    expect(spec.idempotent).toBe(false)
  })
})
