import { isJsonObject, type Json, type JsonSchema } from '../../model/json.ts'

/** Properties written out per object, and nesting, so that huge values do not make huge declarations. */
const maxProperties = 60
const maxDepth = 8

/** A TypeScript type for a JSON Schema, as far as completion needs it; `any` where the schema leaves things open. */
export function schemaType(schema: JsonSchema | Json | undefined, depth = 0): string {
  if (!isJsonObject(schema) || depth > maxDepth) return 'any'
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ') || 'never'
  if ('const' in schema) return JSON.stringify(schema['const'])
  const union = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(union)) return union.map((part) => schemaType(part, depth + 1)).join(' | ') || 'any'
  const { type } = schema
  if (Array.isArray(type)) return type.map((name) => schemaType({ ...schema, type: name }, depth)).join(' | ')
  return namedType(schema, type, depth)
}

function namedType(schema: { readonly [key: string]: Json }, type: Json | undefined, depth: number): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'number':
    case 'integer':
      return 'number'
    case 'array':
      return `(${schemaType(schema['items'], depth + 1)})[]`
    case 'object':
      return objectType(schema, depth)
    default:
      return isJsonObject(schema['properties']) ? objectType(schema, depth) : 'any'
  }
}

function objectType(schema: { readonly [key: string]: Json }, depth: number): string {
  const { properties, required, additionalProperties } = schema
  if (!isJsonObject(properties)) {
    return `Record<string, ${isJsonObject(additionalProperties) ? schemaType(additionalProperties, depth + 1) : 'any'}>`
  }
  const needed = Array.isArray(required) ? required : []
  const parts = Object.entries(properties)
    .slice(0, maxProperties)
    .map(
      ([name, property]) =>
        `${comment(property)}${JSON.stringify(name)}${needed.includes(name) ? '' : '?'}: ${schemaType(property, depth + 1)}`,
    )
  return `{ ${parts.join('; ')} }`
}

/** A property's description, shown beside the completion. The end of a comment inside it is defused. */
function comment(property: Json): string {
  const text = isJsonObject(property) ? property['description'] : undefined
  return typeof text === 'string' ? `/** ${text.replaceAll('*/', '* /').replaceAll('\n', ' ')} */ ` : ''
}

/** A TypeScript type for a value that was seen: lists take the type of their first items. */
export function valueType(value: Json, depth = 0): string {
  if (value === null) return 'null'
  if (depth > maxDepth) return 'any'
  if (Array.isArray(value)) {
    const types = new Set(value.slice(0, 5).map((item) => valueType(item, depth + 1)))
    return types.size === 0 ? 'any[]' : `(${[...types].join(' | ')})[]`
  }
  if (typeof value !== 'object') return typeof value
  const parts = Object.entries(value)
    .slice(0, maxProperties)
    .map(([name, part]) => `${JSON.stringify(name)}: ${valueType(part, depth + 1)}`)
  return `{ ${parts.join('; ')} }`
}
