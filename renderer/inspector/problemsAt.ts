import type { Diagnostic } from '../../model/diagnostics.ts'

/** The problems of one setting, or of something inside it. `field` is dotted, as diagnostics write it. */
export function problemsAt(problems: readonly Diagnostic[], field: string): readonly Diagnostic[] {
  return problems.filter((problem) => {
    const place = problem.field
    return place === field || (place?.startsWith(field) === true && /^[.[]/.test(place.slice(field.length)))
  })
}

/** A problem as its own field tells it: the field's label stands for node and path, which everyone can see here. */
export function sentenceAt(problem: Diagnostic, path: string, label: string): string {
  const own = `"${path}"`
  const short = `"${path.replace(/^data\./, '')}"`
  const message = problem.message.replace(`Node "${problem.node ?? ''}": `, '')
  if (problem.code === 'missing-field' && problem.field === path) return `${label} is missing.`
  for (const name of [own, short]) if (message.startsWith(`${name} `)) return label + message.slice(name.length)
  return message.charAt(0).toUpperCase() + message.slice(1)
}
