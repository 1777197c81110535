import { flowFormat } from './document.ts'
import type { JsonObject } from './json.ts'

/**
 * Steps from one document format to the next: `migrations[format]` takes a document of that format and returns one of
 * the format it names in its result. A step is never changed or removed once released: old files open for ever.
 * Version 1 is the first, so there is none yet. Migrations of a kind's data are the kind's own.
 */
const migrations: ReadonlyMap<string, (document: JsonObject) => JsonObject> = new Map()

/** Brings a document to {@link flowFormat}; undefined where its format is unknown. Pure. */
export function migrateDocument(document: JsonObject, steps = migrations): JsonObject | undefined {
  let current = document
  for (let count = 0; count <= steps.size; count++) {
    const { format } = current
    if (format === flowFormat) return current
    const step = typeof format === 'string' ? steps.get(format) : undefined
    if (!step) return undefined
    current = step(current)
  }
  return undefined
}
