import type { PathStep } from '../../model/expressions/plain.ts'
import { writePath } from '../../model/expressions/plain.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { ValuePreview } from '../../model/protocol.ts'

/** One line of a value's tree. */
export interface ValueRow {
  /** Identity inside the tree: the steps from the root. */
  readonly id: string
  readonly depth: number
  /** The key or index this value stands under; the tree's title at the root. */
  readonly name: string
  readonly value: Json
  readonly steps: readonly PathStep[]
  /** Number of parts of a list or object; undefined for a scalar. */
  readonly parts: number | undefined
  readonly open: boolean
  /** The value is a preview whose whole has to be read before the row can open. */
  readonly unread?: ValuePreview
  /** Parts beyond the limit of an open list, told in a row of their own. */
  readonly more?: number
}

/** Parts of one list or object shown at first, and with each "more". */
export const pageSize = 200

export interface TreeState {
  /** Ids of open rows. */
  readonly open: ReadonlySet<string>
  /** How many parts of a row are shown, where more than a page. */
  readonly shown: ReadonlyMap<string, number>
  /** Wholes that have been read for previews, by hash. */
  readonly read: ReadonlyMap<string, Json>
}

/** The visible lines of a tree, in order. Closed branches cost nothing. */
export function valueRows(name: string, value: Json, state: TreeState): readonly ValueRow[] {
  const rows: ValueRow[] = []
  add(rows, name, value, [], state)
  return rows
}

function add(rows: ValueRow[], name: string, given: Json, steps: readonly PathStep[], state: TreeState): void {
  const value = isPreview(given) ? (state.read.get(given.$blob) ?? given) : given
  const id = steps.map((step) => step.key).join('\u0000')
  const keys = partKeys(value)
  const open = keys !== undefined && state.open.has(id)
  const unread = isPreview(value) && value.type !== 'string' ? { unread: value } : {}
  rows.push({ id, depth: steps.length, name, value, steps, parts: keys?.length, open, ...unread })
  if (!open) return
  const limit = state.shown.get(id) ?? pageSize
  for (const key of keys.slice(0, limit)) {
    const part = Array.isArray(value) ? value[Number(key)] : isJsonObject(value) ? value[key] : undefined
    add(rows, key, part ?? null, [...steps, { key, optional: false }], state)
  }
  if (keys.length > limit) {
    const more = keys.length - limit
    rows.push({
      id: `${id}\u0000…`,
      depth: steps.length + 1,
      name: '…',
      value: null,
      steps,
      parts: undefined,
      open: false,
      more,
    })
  }
}

function partKeys(value: Json): readonly string[] | undefined {
  if (isPreview(value)) return undefined
  if (Array.isArray(value)) return value.map((_, index) => String(index))
  return isJsonObject(value) ? Object.keys(value) : undefined
}

/** Whether a value stands for a larger one that the engine keeps. */
export function isPreview(value: Json | undefined): value is ValuePreview & { [key: string]: Json } {
  return (
    isJsonObject(value) &&
    typeof value['$blob'] === 'string' &&
    typeof value['preview'] === 'string' &&
    typeof value['size'] === 'number'
  )
}

/** The expression that reads the value of a row: `nodes.fetch.output.body.items[0].id`. `root` is a path itself. */
export function rowExpression(root: string, row: ValueRow): string {
  return writePath(root, row.steps)
}

/** A value on one line, cut after `length` characters. */
export function shortValue(value: Json, length = 240): string {
  if (isPreview(value)) return cut(value.preview, length)
  if (typeof value === 'string')
    return cut(JSON.stringify(value.length > length * 2 ? value.slice(0, length * 2) : value), length)
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.length}]`
  if (isJsonObject(value)) return objectWords(value, length)
  return String(value)
}

function objectWords(value: { [key: string]: Json }, length: number): string {
  const keys = Object.keys(value)
  return keys.length === 0 ? '{}' : cut(`{ ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', …' : ''} }`, length)
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}
