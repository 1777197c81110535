import { readFile } from 'node:fs/promises'
import { Validator } from '@cfworker/json-schema'
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../model/json.ts'
import { scanJson } from '../../model/jsonScan.ts'
import { messageOf } from '../workspace/systemError.ts'
import { refusal } from './outcome.ts'

/** Inputs may nest this deep, as flow files may. */
const maxDepth = 200

/** `--input-file` first, `--input k=v` over it. Refuses what is no JSON object and what has no `=`. */
export async function readInput(
  pairs: readonly string[],
  file: string | undefined,
  schema: JsonSchema | undefined,
): Promise<JsonObject> {
  const fromFile = file === undefined ? {} : await readInputFile(file)
  const fromPairs = pairs.map((pair) => readPair(pair, schema))
  return Object.fromEntries([...Object.entries(fromFile), ...fromPairs])
}

function readPair(pair: string, schema: JsonSchema | undefined): [string, Json] {
  const at = pair.indexOf('=')
  if (at < 1) throw refusal('bad-input', `--input takes name=value; "${pair}" has no "=".`)
  const name = pair.slice(0, at)
  return [name, readValue(pair.slice(at + 1), propertySchema(schema, name), schema)]
}

/** JSON where the text parses and the property's schema allows the value; else the text itself. EXECUTION.md 11.3. */
function readValue(text: string, property: JsonSchema | undefined, root: JsonSchema | undefined): Json {
  const value = parseJson(text)
  if (value === undefined) return text
  refuseDepth(text, `The input "${text.slice(0, 20)}…"`)
  return property === undefined || fits(property, root, value) ? value : text
}

function fits(property: JsonSchema, root: JsonSchema | undefined, value: Json): boolean {
  const definitions = root && isJsonObject(root['$defs']) ? { $defs: root['$defs'] } : {}
  return new Validator({ ...definitions, ...property }, '2020-12').validate(value).valid
}

function propertySchema(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  const properties = schema?.['properties']
  if (!isJsonObject(properties) || !Object.hasOwn(properties, name)) return undefined
  const property = properties[name]
  return isJsonObject(property) ? property : undefined
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined // plain text, which is as good
  }
}

async function readInputFile(file: string): Promise<JsonObject> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refusal('bad-input', `The input file "${file}" cannot be read: ${messageOf(error)}`, file)
  })
  const value = parseJson(text.replace(/^\uFEFF/, ''))
  if (!isJsonObject(value)) throw refusal('bad-input', `The input file "${file}" must hold one JSON object.`, file)
  refuseDepth(text, `The input file "${file}"`, file)
  return value
}

/** Deeper values would exhaust the stack of whoever walks them. */
function refuseDepth(text: string, what: string, file?: string): void {
  if (!scanJson(text, { maxDepth }).some(({ code }) => code === 'too-deep')) return
  throw refusal('bad-input', `${what} nests more than ${String(maxDepth)} levels deep.`, file)
}
