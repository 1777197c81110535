import type { Json, JsonObject } from '../json.ts'
import { hasHoles, parseTemplate, singleHole, type Hole, type ParsedTemplate } from './template.ts'

/** A text among a node's settings that holds holes, or tries to. */
export interface TemplateSetting {
  /** Dotted path inside the settings: `headers.accept`, `cases.0.when`. */
  readonly path: string
  readonly text: string
  readonly parsed: ParsedTemplate
}

/** Finds every template among settings, in order; `verbatim` names paths that are never templates. */
export function templatesIn(data: Json, verbatim: readonly string[] = []): TemplateSetting[] {
  const found: TemplateSetting[] = []
  mapTexts(data, verbatim, (text, path) => {
    if (hasHoles(text)) found.push({ path, text, parsed: parseTemplate(text) })
    return text
  })
  return found
}

/**
 * Replaces every text among settings; what does not change is shared with the original. `verbatim` paths are left
 * alone. Iterates no deeper than flow files nest.
 */
export function mapTexts(data: Json, verbatim: readonly string[], change: (text: string, path: string) => Json): Json {
  return mapAt(data, '', verbatim, change)
}

function mapAt(
  value: Json,
  path: string,
  verbatim: readonly string[],
  change: (text: string, path: string) => Json,
): Json {
  if (typeof value === 'string') return verbatim.includes(path) ? value : change(value, path)
  if (typeof value !== 'object' || value === null || verbatim.includes(path)) return value
  const below = (key: string | number, child: Json) =>
    mapAt(child, path === '' ? String(key) : `${path}.${key}`, verbatim, change)
  return Array.isArray(value) ? mapList(value, below) : mapObject(value, below)
}

function mapList(list: Json[], change: (index: number, value: Json) => Json): Json[] {
  let copy: Json[] | undefined
  list.forEach((value, index) => {
    const next = change(index, value)
    if (next !== value) (copy ??= [...list])[index] = next
  })
  return copy ?? list
}

function mapObject(object: JsonObject, change: (key: string, value: Json) => Json): JsonObject {
  let copy: JsonObject | undefined
  for (const [key, value] of Object.entries(object)) {
    const next = change(key, value)
    if (next !== value) (copy ??= { ...object })[key] = next
  }
  return copy ?? object
}

/**
 * Reads a setting that must be one hole or a JSON literal (`condition`, `items`, ...). A text is a literal where it is
 * JSON itself: `"true"`, `"[1, 2]"`. Undefined where it is neither: `bad-expression`.
 */
export function holeOrLiteral(value: Json): { readonly hole: Hole } | { readonly literal: Json } | undefined {
  if (typeof value !== 'string') return { literal: value }
  const parsed = parseTemplate(value)
  const hole = 'template' in parsed ? singleHole(parsed.template) : undefined
  if (hole) return { hole }
  if ('problem' in parsed || parsed.template.parts.some((part) => part.type === 'hole')) return undefined
  try {
    return { literal: JSON.parse(value) as Json }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
