import { hasErrors, type Diagnostic } from '../../model/diagnostics.ts'
import { exportFlow, type ExportFormat } from '../api/exportFlow.ts'
import { loadFlow } from '../api/loadFlow.ts'
import { loadKinds } from '../kinds.ts'
import { readFlowArgument } from './flowArgument.ts'
import { exitCodes, Refusal, type ExitCode, type PrintedDiagnostic } from './outcome.ts'
import { formatDiagnostic, type Terminal } from './terminal.ts'

/** `switchyard validate`: every diagnostic of every file; nothing is executed. */
export async function validateCommand(terminal: Terminal, files: readonly string[]): Promise<ExitCode> {
  const { specs } = loadKinds()
  const found: PrintedDiagnostic[] = []
  for (const file of files) {
    const diagnostics = await readFlowArgument(file).then(
      ({ text, shown }) => loadFlow(text, specs, shown).diagnostics,
      unreadable,
    )
    found.push(...diagnostics)
  }
  const isBad = found.some(({ severity }) => severity === 'error')
  if (terminal.isJson) terminal.document({ diagnostics: found })
  else {
    for (const diagnostic of found) terminal.err(formatDiagnostic(terminal, diagnostic))
    if (!isBad) terminal.out(`${files.length === 1 ? `${files[0] ?? ''} is` : `${files.length} flows are`} valid.\n`)
  }
  return isBad ? exitCodes.bad : exitCodes.ok
}

/** `switchyard compile`: the machine on stdout, warnings on stderr. */
export async function compileCommand(terminal: Terminal, file: string, format: ExportFormat): Promise<ExitCode> {
  const { text, shown } = await readFlowArgument(file)
  const { text: machine, diagnostics } = await exportFlow(text, loadKinds().specs, shown, format)
  if (hasErrors(diagnostics)) throw new Refusal(diagnostics)
  for (const diagnostic of diagnostics) terminal.err(formatDiagnostic(terminal, diagnostic))
  terminal.out(machine)
  return exitCodes.ok
}

function unreadable(error: unknown): readonly (PrintedDiagnostic | Diagnostic)[] {
  if (error instanceof Refusal) return error.diagnostics
  throw error
}
