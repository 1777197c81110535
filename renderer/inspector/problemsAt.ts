import type { Diagnostic } from '../../model/diagnostics.ts'

/** The problems of one setting, or of something inside it. `field` is dotted, as diagnostics write it. */
export function problemsAt(problems: readonly Diagnostic[], field: string): readonly Diagnostic[] {
  return problems.filter((problem) => {
    const place = problem.field
    return place === field || (place?.startsWith(field) === true && /^[.[]/.test(place.slice(field.length)))
  })
}
