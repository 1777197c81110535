import type { ZodType } from 'zod'
import { NodeFailure } from '../../model/failure.ts'

/**
 * Parses evaluated settings by the kind's `settings.evaluated`. Fails as `bad-setting`, naming the setting and saying
 * what came instead: a template may evaluate to anything. The failure's `details.field` is the setting's dotted path.
 */
export function parseSettings<Evaluated>(
  schema: ZodType<Evaluated>,
  data: Readonly<Record<string, unknown>>,
): Evaluated {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = issue?.path ?? []
  const field = path.map(String).join('.')
  throw new NodeFailure(
    'bad-setting',
    `Setting "${field}" ${issue?.message ?? 'does not fit'}; it is ${describe(valueAt(data, path))}.`,
    {
      details: { field: `data.${field}` },
    },
  )
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return value
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'empty (null)'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'an object'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
