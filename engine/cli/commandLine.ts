import { CommanderError } from 'commander'
import { diagnosticsOf, exitCodes, refusal, Untrusted, type ExitCode } from './outcome.ts'
import { createProgram } from './program.ts'
import { flush, formatDiagnostic, processTerminal, type Terminal } from './terminal.ts'

/** Runs one command and ends the process with its exit code, once everything printed has left. */
export async function runCommandLine(args: readonly string[]): Promise<never> {
  let code: ExitCode = exitCodes.ok
  const lost = watchOutput()
  try {
    await createProgram((finished) => (code = finished)).parseAsync(args, { from: 'user' })
  } catch (error) {
    code = report(error, args)
  }
  await flush()
  process.exit(code === exitCodes.ok && lost() ? exitCodes.failed : code)
}

/**
 * A reader that went away (`| head`) is no error, and no reason to leave a run half done: the rest is not printed. Gives
 * whether output was lost for another reason, a full disk for instance, which is said once.
 */
function watchOutput(): () => boolean {
  let isLost = false
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || isLost) return
    isLost = true
    process.stderr.write(`The output cannot be written: ${error.message}\n`)
  }
  process.stdout.on('error', onError)
  // Progress that nobody reads; a run goes on without.
  process.stderr.on('error', () => undefined)
  return () => isLost
}

/** Expected failures are diagnostics and exit code 2; anything else is a bug, shown with its stack. */
function report(error: unknown, args: readonly string[]): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok
  const terminal = processTerminal(args.includes('--json'), process.env)
  if (error instanceof Untrusted) return reportUntrusted(terminal, error)
  const diagnostics = diagnosticsOf(error instanceof CommanderError ? usageRefusal(error) : error)
  if (!diagnostics) {
    terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return exitCodes.failed
  }
  if (terminal.isJson) terminal.document({ diagnostics })
  for (const diagnostic of diagnostics) terminal.err(formatDiagnostic(terminal, diagnostic))
  return exitCodes.bad
}

/** In the shape of a run's result, so that a reader of `run --json` needs to know no other. */
function reportUntrusted(terminal: Terminal, { message }: Untrusted): ExitCode {
  const error = { code: 'not-trusted', message, node: null }
  if (terminal.isJson) terminal.document({ runId: null, status: 'failed', output: null, error, durationMs: 0 })
  terminal.err(`${message}\n`)
  return exitCodes.untrusted
}

function usageRefusal(error: CommanderError): Error {
  const message =
    error.code === 'commander.help' ? 'Name a command.' : `${error.message.replace(/^error: /, '').replace(/\.$/, '')}.`
  return refusal('bad-usage', `${message} See "switchyard --help".`)
}
