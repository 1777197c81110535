import { isJsonObject, type Json } from '../../../model/json.ts'

/** What is known of a value: its type in a word, an example, and its parts by name. */
export interface Shape {
  readonly type: string
  /** A real value, shortened. */
  readonly example?: string
  /** What the part is for, from a schema. */
  readonly note?: string
  readonly parts: ReadonlyMap<string, Shape>
  /** Shape of a list's items. */
  readonly item?: Shape
}

const maxDepth = 10
const maxParts = 200
const noParts: ReadonlyMap<string, Shape> = new Map()

export const unknownShape: Shape = { type: '', parts: noParts }

/** The shape that a JSON Schema tells. */
export function shapeOfSchema(schema: Json | undefined, depth = 0): Shape {
  if (!isJsonObject(schema) || depth > maxDepth) return unknownShape
  const { type, description, properties, items } = schema
  const note = typeof description === 'string' ? { note: description } : {}
  const name = Array.isArray(type)
    ? type
        .map((one) => JSON.stringify(one))
        .join(' or ')
        .replaceAll('"', '')
    : typeof type === 'string'
      ? type
      : isJsonObject(properties)
        ? 'object'
        : ''
  const parts = isJsonObject(properties)
    ? new Map(
        Object.entries(properties)
          .slice(0, maxParts)
          .map(([key, part]) => [key, shapeOfSchema(part, depth + 1)]),
      )
    : noParts
  return { type: name, ...note, parts, ...(items !== undefined && { item: shapeOfSchema(items, depth + 1) }) }
}

/** The shape of a value that was seen. */
export function shapeOfValue(value: Json, depth = 0): Shape {
  if (value === null) return { type: 'null', parts: noParts }
  if (Array.isArray(value)) {
    const [first] = value
    const item = first === undefined || depth > maxDepth ? {} : { item: shapeOfValue(first, depth + 1) }
    return { type: `array of ${value.length}`, parts: noParts, ...item }
  }
  if (!isJsonObject(value)) return { type: typeof value, example: example(value), parts: noParts }
  const entries = depth > maxDepth ? [] : Object.entries(value).slice(0, maxParts)
  return { type: 'object', parts: new Map(entries.map(([key, part]) => [key, shapeOfValue(part, depth + 1)])) }
}

/** Joins what a schema tells with what was seen: names of both, the example of what was seen. */
export function joinShapes(told: Shape, seen: Shape): Shape {
  const parts = new Map(told.parts)
  for (const [key, part] of seen.parts) {
    const known = parts.get(key)
    parts.set(key, known ? joinShapes(known, part) : part)
  }
  const item = told.item && seen.item ? joinShapes(told.item, seen.item) : (seen.item ?? told.item)
  return {
    type: seen.type || told.type,
    ...(seen.example !== undefined && { example: seen.example }),
    ...(told.note !== undefined && { note: told.note }),
    parts,
    ...(item && { item }),
  }
}

/** The shape at the end of a path; unknown where nothing tells. */
export function shapeAt(shape: Shape, path: readonly string[]): Shape {
  let current: Shape = shape
  for (const key of path) {
    current = (/^\d+$/.test(key) ? current.item : current.parts.get(key)) ?? unknownShape
  }
  return current
}

function example(value: string | number | boolean): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value) : String(value)
  return text
}
