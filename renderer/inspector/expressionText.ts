import { parseTemplate, singleHole } from '../../model/expressions/template.ts'
import type { Json } from '../../model/json.ts'
import { parseJson } from '../controls/parseJson.ts'

/**
 * A setting that is one expression, as people type it: without braces. A JSON literal stays a literal, so `true`,
 * `[1, 2]` and `"text"` are kept as values. EXECUTION.md 2.1.
 */
export function expressionToText(value: Json | undefined): string {
  if (value === undefined) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  const hole = holeOf(value)
  return hole === undefined ? value : hole.trim()
}

/** The setting for a typed expression; undefined for nothing. */
export function textToExpression(text: string): Json | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (trimmed.startsWith('{{')) return trimmed
  const literal = parseJson(trimmed)
  if (literal && typeof literal.value !== 'string') return literal.value
  return `{{ ${trimmed} }}`
}

/** What stands in the one hole that a text is; undefined where it is none. */
export function holeOf(text: string): string | undefined {
  const parsed = parseTemplate(text.trim())
  return 'template' in parsed ? singleHole(parsed.template)?.expression : undefined
}

/**
 * A setting of any JSON value, as people type it. Text that reads as JSON is that value; text with holes is a template;
 * other text is text. What begins like an object or a list and is not JSON yet is `broken`.
 */
export function textToJson(text: string): { readonly value: Json | undefined } | { readonly broken: string } {
  const trimmed = text.trim()
  if (trimmed === '') return { value: undefined }
  const parsed = parseJson(trimmed)
  if (parsed) return parsed
  if (/^(\{(?!\{)|\[|")/.test(trimmed))
    return { broken: 'This is not JSON yet. Expressions stand in quotes: "{{ … }}".' }
  return { value: text }
}

export function jsonToText(value: Json | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string' && !('broken' in textToJson(value)) && parseJson(value.trim()) === undefined)
    return value
  return JSON.stringify(value, null, 2)
}
