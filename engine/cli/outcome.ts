import type { Diagnostic } from '../../model/diagnostics.ts'
import { NodeFailure } from '../../model/failure.ts'

/** How commands end. EXECUTION.md 11. */
export const exitCodes = { ok: 0, failed: 1, bad: 2, untrusted: 3, waiting: 4, cancelled: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A diagnostic as printed; expected failures of the engine stand beside those of the document, with their own codes. */
export type PrintedDiagnostic = Omit<Diagnostic, 'code'> & { readonly code: string }

/** Thrown by commands to end with exit code 2: bad flow, input or usage. */
export class Refusal extends Error {
  readonly diagnostics: readonly PrintedDiagnostic[]

  constructor(diagnostics: readonly PrintedDiagnostic[]) {
    super(diagnostics[0]?.message ?? 'refused')
    this.name = 'Refusal'
    this.diagnostics = diagnostics
  }
}

/** Thrown by commands to end with exit code 3: the flow reaches outside, and nobody has trusted it. Nothing has happened. */
export class Untrusted extends Error {
  constructor(shown: string, { services, env }: { services: readonly string[]; env: readonly string[] }) {
    const reach = [...services, ...env.map((name) => `the environment variable ${name}`)].join(', ')
    super(`${shown} is not trusted and needs ${reach}. Read it, then run it with --trust, or trust it in the app.`)
    this.name = 'Untrusted'
  }
}

export function refusal(code: string, message: string, file = ''): Refusal {
  return new Refusal([{ code, severity: 'error', message, file }])
}

/** What a thrown value prints as; undefined for a bug. */
export function diagnosticsOf(error: unknown): readonly PrintedDiagnostic[] | undefined {
  if (error instanceof Refusal) return error.diagnostics
  if (error instanceof NodeFailure) return [{ code: error.code, severity: 'error', message: error.message, file: '' }]
  return undefined
}
