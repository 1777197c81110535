import { NodeFailure } from '../../model/failure.ts'
import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

/** Characters of each stream's end that a failure keeps. */
const keptOfOutput = 4000

export const execute: Executor = async ({ data, services, signal, key, attempt, progress }) => {
  const { command, shell, cwd, env, stdin, expectExit } = parseSettings(settings.evaluated, data)
  if (typeof command === 'string' && !shell) {
    throw new NodeFailure(
      'bad-setting',
      'Setting "command" must be a list: the program, then its arguments. A text needs "shell" on.',
      {
        details: { field: 'data.command' },
      },
    )
  }
  const result = await services.shell.run(
    {
      // A list is run as it is, whatever "shell" says: joining it would let an argument become code.
      command,
      ...(cwd === undefined ? {} : { cwd }),
      ...(stdin === undefined ? {} : { stdin }),
      env: { ...env, SWITCHYARD_EFFECT_KEY: key, SWITCHYARD_EFFECT_ATTEMPT: String(attempt) },
    },
    signal,
    progress,
  )
  const { exitCode, stdout, stderr, durationMs } = result
  if (!expectExit.includes(exitCode)) {
    const reason = lastLine(stderr) || lastLine(stdout)
    throw new NodeFailure(
      'shell-exit',
      `${nameOf(command)} ended with exit code ${exitCode}${reason === '' ? '.' : `: ${reason}`}`,
      {
        details: { exitCode, stdout: stdout.slice(-keptOfOutput), stderr: stderr.slice(-keptOfOutput), durationMs },
      },
    )
  }
  return { output: { exitCode, stdout, stderr, durationMs } }
}

function nameOf(command: string | readonly string[]): string {
  const text = typeof command === 'string' ? command : (command[0] ?? '')
  return `"${text.split('\n')[0]?.slice(0, 80) ?? ''}"`
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? ''
}
