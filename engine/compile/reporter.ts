import { diagnostic, type Diagnostic, type DiagnosticCode } from '../../model/diagnostics.ts'

/** Collects the diagnostics of one compilation. */
export class Reporter {
  readonly diagnostics: Diagnostic[] = []
  private readonly file: string

  constructor(file: string) {
    this.file = file
  }

  report(code: DiagnosticCode, message: string, place: Pick<Diagnostic, 'node' | 'field' | 'path'> = {}): void {
    this.diagnostics.push(diagnostic(code, message, { file: this.file, ...place }))
  }
}
