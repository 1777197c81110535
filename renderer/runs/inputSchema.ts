import { Validator } from '@cfworker/json-schema'
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../model/json.ts'

/** One input of a flow, as a form shows it. */
export interface InputField {
  readonly name: string
  readonly label: string
  readonly schema: JsonSchema
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'enum' | 'json'
  readonly required: boolean
  readonly help: string | undefined
  /** Choices of an `enum`. */
  readonly options: readonly Json[]
}

/** A form's problem: the input it concerns (empty for the whole) and a sentence. */
export interface InputProblem {
  readonly name: string
  readonly message: string
}

/** The top-level properties of an object schema, in their order, as fields of a form. */
export function inputFields(schema: JsonSchema | undefined): readonly InputField[] {
  const properties = schema?.['properties']
  if (!isJsonObject(properties)) return []
  const required = Array.isArray(schema?.['required']) ? schema['required'] : []
  return Object.entries(properties).map(([name, property]) => {
    const own = isJsonObject(property) ? property : {}
    return {
      name,
      label: typeof own['title'] === 'string' ? own['title'] : name,
      schema: own,
      type: fieldType(own),
      required: required.includes(name),
      help: typeof own['description'] === 'string' ? own['description'] : undefined,
      options: Array.isArray(own['enum']) ? own['enum'] : [],
    }
  })
}

function fieldType(schema: JsonSchema): InputField['type'] {
  if (Array.isArray(schema['enum'])) return 'enum'
  const { type } = schema
  if (type === 'string' || type === 'number' || type === 'integer' || type === 'boolean') return type
  return 'json'
}

/** The defaults that the schema names. */
export function defaultInput(schema: JsonSchema | undefined): JsonObject {
  const input: JsonObject = {}
  for (const field of inputFields(schema)) {
    const value = field.schema['default']
    if (value !== undefined) input[field.name] = value
  }
  return input
}

/** What is wrong with an input, in words for the form; empty where a run would take it. */
export function inputProblems(schema: JsonSchema | undefined, input: JsonObject): readonly InputProblem[] {
  if (!schema) return []
  const fields = inputFields(schema)
  const missing = fields
    .filter((field) => field.required && (input[field.name] === undefined || input[field.name] === ''))
    .map((field) => ({ name: field.name, message: 'This input is needed.' }))
  const named = new Set(missing.map((problem) => problem.name))
  const found = new Validator(schema, '2020-12', false).validate(input).errors
  const invalid = found
    .filter((error) => error.instanceLocation.startsWith('#/'))
    .map((error) => ({ name: error.instanceLocation.split('/')[1] ?? '', message: sentence(error.error) }))
    .filter((problem) => !named.has(problem.name) && named.add(problem.name))
  return [...missing, ...invalid]
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}
