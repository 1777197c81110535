import { stat } from 'node:fs/promises'
import { constants } from 'node:os'
import { execa } from 'execa'
import { NodeFailure } from '../../model/failure.ts'
import type { Progress } from '../sdk/executor.ts'
import type { ShellCommand, ShellResult, ShellService } from '../sdk/services.ts'
import { findGranted } from './grantedPaths.ts'
import type { Redactor } from './redactor.ts'
import { EffectSecrets, type SecretReader } from './secretReader.ts'

export interface ShellServiceOptions {
  /** Real path of the workspace: where programs run, and the border of `cwd`. */
  readonly workspace: string
  readonly secrets: SecretReader
  /** What programs inherit, less what is Switchyard's own. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Characters of each output stream; {@link defaultMaxOutput} where absent. */
  readonly maxOutput?: number
}

export const defaultMaxOutput = 16 * 1024 * 1024
/** From the polite signal to the one that cannot be refused. Cancelling has to be done within a second. */
const forceKillAfterMs = 400
/** How long output may still come from what a program left running when it ended. */
const leftoverGraceMs = 500

/** Programs by execa, each in a process group of its own that ends with the step: what it leaves running is ended too. */
export function createShellService(options: ShellServiceOptions): ShellService {
  return {
    async run(command, signal, progress) {
      signal.throwIfAborted()
      const cwd = await folderOf(options.workspace, command.cwd)
      const secrets = new EffectSecrets(options.secrets, undefined)
      const env = await environmentOf(options.environment, command, secrets)
      const limit = options.maxOutput ?? defaultMaxOutput
      const { redactor } = secrets
      const result = await runProgram(command, { cwd, env, signal, limit, progress, redactor })
      signal.throwIfAborted()
      return outcomeOf(command, result, limit, redactor)
    },
  }
}

async function folderOf(workspace: string, cwd: string | undefined): Promise<string> {
  const { real, shown } = await findGranted({ workspace }, cwd === undefined || cwd === '' ? '.' : cwd)
  if (!(await stat(real)).isDirectory())
    throw new NodeFailure('file-not-found', `"${shown}" is no folder, so nothing can run in it.`)
  return real
}

/** Switchyard's own variables (secrets among them) and the model key are for the engine alone. */
async function environmentOf(
  inherited: Readonly<Record<string, string | undefined>>,
  { env = {} }: ShellCommand,
  secrets: EffectSecrets,
): Promise<Record<string, string>> {
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !name.startsWith('SWITCHYARD_') && name !== 'OPENAI_API_KEY') own[name] = value
  }
  for (const [name, value] of Object.entries(env)) own[name] = await secrets.text(value)
  return own
}

interface Running {
  readonly cwd: string
  readonly env: Record<string, string>
  readonly signal: AbortSignal
  readonly limit: number
  readonly progress: Progress
  readonly redactor: Redactor
}

async function runProgram({ command, stdin }: ShellCommand, running: Running) {
  const { cwd, env, signal, limit, progress, redactor } = running
  const [file = '', ...args] = typeof command === 'string' ? [command] : command
  const subprocess = execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    shell: typeof command === 'string',
    ...(stdin === undefined ? { stdin: 'ignore' as const } : { input: stdin }),
    reject: false,
    encoding: 'utf8',
    stripFinalNewline: false,
    maxBuffer: limit,
    cancelSignal: signal,
    killDescendants: true,
    forceKillAfterDelay: forceKillAfterMs,
    windowsHide: true,
  })
  for (const stream of [subprocess.stdout, subprocess.stderr]) {
    const decoder = new TextDecoder()
    const shown = redactor.stream((text) => progress.text(text))
    stream.on('data', (chunk: Uint8Array) => shown.write(decoder.decode(chunk, { stream: true })))
    stream.on('end', () => shown.end())
  }
  let grace: NodeJS.Timeout | undefined
  subprocess.nodeChildProcess.once('exit', () => {
    grace = setTimeout(() => subprocess.kill('SIGKILL'), leftoverGraceMs)
  })
  try {
    return await subprocess
  } finally {
    clearTimeout(grace)
    subprocess.kill('SIGKILL')
  }
}

/** How a program ended, as execa tells it. */
type Outcome = Awaited<ReturnType<typeof runProgram>>

function outcomeOf(command: ShellCommand, result: Outcome, limit: number, redactor: Redactor): ShellResult {
  const [file = ''] = typeof command.command === 'string' ? [command.command] : command.command
  const [stdout, stderr] = [redactor.text(result.stdout), redactor.text(result.stderr)]
  const durationMs = Math.round(result.durationMs)
  if (result.isMaxBuffer) {
    const size = Math.round(limit / 1024 / 1024)
    throw new NodeFailure(
      'shell-output-too-large',
      `"${file}" printed more than ${size} MB. Let it write to a file, or print less.`,
      {
        details: { stdout: stdout.slice(-4000), stderr: stderr.slice(-4000) },
      },
    )
  }
  if (result.exitCode !== undefined) return { exitCode: result.exitCode, stdout, stderr, durationMs }
  if (result.signal !== undefined)
    return { exitCode: 128 + constants.signals[result.signal], stdout, stderr, durationMs }
  throw spawnFailure(file, result)
}

function spawnFailure(file: string, { code, cause, originalMessage }: Outcome): NodeFailure {
  if (code === 'ENOENT')
    return new NodeFailure('shell-not-found', `There is no program "${file}" on this machine's PATH.`, { cause })
  if (code === 'EACCES')
    return new NodeFailure('shell-not-found', `"${file}" may not be run: it is no program, or not for this user.`, {
      cause,
    })
  if (code === 'E2BIG')
    return new NodeFailure('shell-too-long', `The arguments of "${file}" are too long. Pass them by standard input.`, {
      cause,
    })
  return new NodeFailure(
    'shell-failed',
    `"${file}" could not be started: ${originalMessage ?? code ?? 'unknown reason'}`,
    { cause },
  )
}
