import type { OutputUnit } from '@cfworker/json-schema'
import { diagnostic, type Diagnostic } from '../../model/diagnostics.ts'
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../model/json.ts'

/** Input as the run gets it: defaults filled and validated, or why it cannot be. */
export type PreparedInput = { readonly input: JsonObject } | { readonly diagnostics: Diagnostic[] }

/** Fills the schema's defaults and validates. A flow without `inputs` takes anything. EXECUTION.md 11.3. */
export async function prepareInput(
  schema: JsonSchema | undefined,
  given: JsonObject,
  file: string,
): Promise<PreparedInput> {
  if (!schema) return { input: given }
  const input = fillDefaults(schema, given)
  const { Validator } = await import('@cfworker/json-schema')
  const { valid, errors } = new Validator(schema, '2020-12', false).validate(input)
  if (valid) return { input: isJsonObject(input) ? input : given }
  const leaves = errors.filter((error) => !wrapperKeywords.has(error.keyword))
  return { diagnostics: (leaves.length > 0 ? leaves : errors).map((error) => describe(error, file)) }
}

/** Keywords whose errors only say that something inside them failed. */
const wrapperKeywords = new Set(['properties', 'items', 'allOf', '$ref'])

function describe(error: OutputUnit, file: string): Diagnostic {
  const path = error.instanceLocation.replace(/^#\/?/, '').replaceAll('/', '.')
  const missing = error.keyword === 'required' ? /"(.*)"\.?$/.exec(error.error)?.[1] : undefined
  const name = [path, missing].filter(Boolean).join('.')
  const message =
    missing === undefined
      ? `Input ${path ? `"${path}"` : 'of the run'} does not fit: ${error.error}`
      : `Input "${name}" is missing.`
  return diagnostic('bad-input', message, { file, field: ['input', name].filter(Boolean).join('.') })
}

/** Copies a value with the defaults of its schema, of nested objects too. */
function fillDefaults(schema: JsonSchema, value: Json): Json {
  const properties = schema['properties']
  if (!isJsonObject(value) || !isJsonObject(properties)) return value
  const filled: JsonObject = { ...value }
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property)) continue
    const present = Object.hasOwn(filled, name) ? filled[name] : property['default']
    if (present !== undefined)
      Object.defineProperty(filled, name, {
        value: fillDefaults(property, present),
        enumerable: true,
        writable: true,
        configurable: true,
      })
  }
  return filled
}
