import type { Diagnostic } from '../../model/diagnostics.ts'
import type { Json } from '../../model/json.ts'
import type { PrintedDiagnostic } from './outcome.ts'

/** Where a command writes: results to stdout, everything for people to stderr. */
export interface Terminal {
  readonly isJson: boolean
  /** Stderr is a terminal that can be redrawn. */
  readonly isLive: boolean
  readonly columns: number
  readonly rows: number
  out(text: string): void
  err(text: string): void
  /** One JSON document on stdout. */
  document(value: object): void
  paint(style: Style, text: string): string
}

export type Style = 'red' | 'green' | 'yellow' | 'blue' | 'gray' | 'bold'

const styles: Readonly<Record<Style, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  gray: [90, 39],
  bold: [1, 22],
}

/** The terminal of this process. Colours follow NO_COLOR and FORCE_COLOR. */
export function processTerminal(isJson: boolean, env: NodeJS.ProcessEnv): Terminal {
  const { stdout, stderr } = process
  const hasColor = env['NO_COLOR'] ? false : env['FORCE_COLOR'] !== undefined || stderr.isTTY
  return {
    isJson,
    isLive: stderr.isTTY && env['TERM'] !== 'dumb' && !env['CI'],
    columns: stderr.columns || 80,
    rows: stderr.rows || 24,
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    document: (value) => stdout.write(`${JSON.stringify(value, null, stdout.isTTY ? 2 : 0)}\n`),
    paint: (style, text) => (hasColor ? `\u001B[${styles[style][0]}m${text}\u001B[${styles[style][1]}m` : text),
  }
}

/** Text from flows, programs and servers on one line, without what would move a terminal's cursor or turn its text. */
export function printable(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}|\p{Bidi_Control}/gu, '\uFFFD')
}

/** An output as a person or a pipe wants it: text as it is, anything else as JSON. */
export function formatOutput(output: Json): string {
  return typeof output === 'string' ? output : JSON.stringify(output, null, 2)
}

/** One diagnostic per line: `file:3:5 node.field error code: message`, with the counterexample below it. */
export function formatDiagnostic(terminal: Terminal, diagnostic: PrintedDiagnostic | Diagnostic): string {
  const { file, line, column, node, field, severity, code, message, path } = diagnostic
  const place = printable([file, line, column].filter((part) => part !== undefined && part !== '').join(':'))
  const target = printable([node, field].filter((part) => part !== undefined).join('.'))
  const style = severity === 'error' ? 'red' : severity === 'warning' ? 'yellow' : 'gray'
  const head = [place, target].filter((part) => part !== '').join(' ')
  const text = `${head}${head ? ' ' : ''}${terminal.paint(style, severity)} ${terminal.paint('gray', code)}: ${printable(message)}\n`
  return path && path.length > 0 ? `${text}    path: ${path.join(' -> ')}\n` : text
}

/** Waits until what was written has left this process. */
export async function flush(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))),
  )
}
