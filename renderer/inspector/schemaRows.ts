import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../model/json.ts'

/** One property of an object schema, as the builder shows it. */
export interface PropertyRow {
  readonly name: string
  readonly required: boolean
  readonly schema: JsonObject
}

const simpleTypes = ['string', 'number', 'integer', 'boolean', 'object', 'array']

/** Whether the builder can show a schema without losing anything it says. */
export function isBuildable(schema: Json | undefined): boolean {
  if (schema === undefined) return true
  if (!isJsonObject(schema) || (schema['type'] !== undefined && schema['type'] !== 'object')) return false
  const { properties } = schema
  if (properties === undefined)
    return Object.keys(schema).every((key) => ['type', 'required', 'additionalProperties'].includes(key))
  if (!isJsonObject(properties)) return false
  return Object.values(properties).every(
    (property) =>
      isJsonObject(property) &&
      (property['type'] === undefined || simpleTypes.some((type) => type === property['type'])),
  )
}

/** The properties of an object schema. */
export function propertiesOf(schema: Json | undefined): readonly PropertyRow[] {
  if (!isJsonObject(schema) || !isJsonObject(schema['properties'])) return []
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(schema['properties']).map(([name, property]) => ({
    name,
    required: required.includes(name),
    schema: isJsonObject(property) ? property : {},
  }))
}

/** The schema that the rows make of `before`, whose other keywords stay; undefined for no rows. Rows without a name count for nothing. */
export function schemaFrom(rows: readonly PropertyRow[], before: Json | undefined): JsonSchema | undefined {
  const named = rows.filter((row) => row.name !== '')
  if (named.length === 0) return undefined
  const { type: _type, properties: _properties, required: _required, ...others } = isJsonObject(before) ? before : {}
  const required = named.filter((row) => row.required).map((row) => row.name)
  return {
    type: 'object',
    properties: Object.fromEntries(named.map((row) => [row.name, row.schema])),
    ...(required.length > 0 && { required }),
    ...others,
  }
}
