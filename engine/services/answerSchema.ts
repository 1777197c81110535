import { Validator } from '@cfworker/json-schema'
import { NodeFailure } from '../../model/failure.ts'
import { isJsonObject, type Json, type JsonSchema } from '../../model/json.ts'

/** What an answer's text turned out to be. */
export type CheckedAnswer = { readonly object: Json } | { readonly problem: string }

/**
 * The schema of an answer. Providers want an object at the top, so any other schema travels inside one, under `value`,
 * and comes back out of it.
 */
export class AnswerSchema {
  /** As it is sent. */
  readonly sent: JsonSchema
  /** Whether it fits OpenAI's strict mode: every property required, nothing additional. */
  readonly isStrict: boolean
  readonly #validator: Validator
  readonly #isWrapped: boolean

  /** Fails as `bad-setting` where it is no JSON Schema that can be used. */
  constructor(schema: JsonSchema) {
    const type = schema['type']
    this.#isWrapped = type !== undefined && type !== 'object'
    this.sent = this.#isWrapped
      ? { type: 'object', properties: { value: schema }, required: ['value'], additionalProperties: false }
      : schema
    this.isStrict = isStrictSchema(this.sent)
    this.#validator = new Validator(this.sent, '2020-12', false)
    this.#validate(null)
  }

  /** Reads JSON out of a text (also out of a Markdown code fence) and checks it. */
  check(text: string): CheckedAnswer {
    const value = readJson(text)
    if (value === undefined) return { problem: 'it is not JSON' }
    const problems = this.#validate(value)
    if (problems.length > 0) return { problem: problems.slice(0, 5).join('; ') }
    return { object: this.#isWrapped && isJsonObject(value) ? (value['value'] ?? null) : value }
  }

  #validate(value: Json): string[] {
    try {
      return this.#validator
        .validate(value)
        .errors.map(({ instanceLocation, error }) => `${instanceLocation.replace(/^#/, '') || 'the answer'}: ${error}`)
    } catch (cause) {
      throw new NodeFailure('bad-setting', 'Setting "schema" is not a JSON Schema that can be used.', {
        details: { field: 'data.schema' },
        cause,
      })
    }
  }
}

function readJson(text: string): Json | undefined {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)```/.exec(text)?.[1]
  for (const candidate of [text, fenced]) {
    if (candidate === undefined) continue
    try {
      return JSON.parse(candidate) as Json
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return undefined
}

function isStrictSchema(schema: Json | undefined): boolean {
  if (!isJsonObject(schema)) return false
  if (schema['type'] === 'array') return isStrictSchema(schema['items'])
  if (schema['type'] !== 'object') return typeof schema['type'] === 'string' || Array.isArray(schema['enum'])
  const { properties, required, additionalProperties } = schema
  if (additionalProperties !== false || !isJsonObject(properties) || !Array.isArray(required)) return false
  return Object.entries(properties).every(([name, property]) => required.includes(name) && isStrictSchema(property))
}
