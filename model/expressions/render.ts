import type { Json } from '../json.ts'
import { singleHole, type Hole, type Template } from './template.ts'

/**
 * Puts values into a template: one hole keeps its value's type (undefined becomes null), else the parts are joined as
 * text. EXECUTION.md 2.1.
 */
export function renderTemplate(template: Template, valueOf: (hole: Hole) => Json | undefined): Json {
  const hole = singleHole(template)
  if (hole) return valueOf(hole) ?? null
  return template.parts.map((part) => (part.type === 'text' ? part.text : textOf(valueOf(part)))).join('')
}

/** A value as it stands inside a text: objects as JSON, null and undefined as nothing. */
export function textOf(value: Json | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
