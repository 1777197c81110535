import { createHash } from 'node:crypto'
import type { RunEvent } from '../../model/events.ts'
import { NodeFailure } from '../../model/failure.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { ValuePreview } from '../../model/protocol.ts'
import type { RunHost } from '../run/runHost.ts'

/** JSON text longer than this travels as a preview, in UTF-16 units. */
export const previewLimit = 16 * 1024
const previewLength = 2048
const rememberedValues = 20_000

/** Where in a log a value stands, so that it need not be kept: event, then keys. */
interface ValuePlace {
  readonly runId: string
  readonly seq: number
  readonly path: readonly string[]
}

/**
 * Events as windows get them: large values shortened to a {@link ValuePreview}. Only the place of a value is
 * remembered; reading it later goes back to the log.
 */
export class RunViews {
  readonly #places = new Map<string, ValuePlace>()

  preview = (event: RunEvent): RunEvent => {
    if (!exceeds(event, previewLimit)) return event
    const entries = Object.entries(event).map(([key, value]): [string, unknown] => [
      key,
      this.#shorten(value, { ...event, path: [key] }),
    ])
    // Same keys and scalar fields; only values typed as Json are shortened, to a Json object.
    return Object.fromEntries(entries) as unknown as RunEvent
  }

  /** JSON text of a value shown as a preview, or of a blob. Fails as `value-missing`. */
  read(runs: RunHost, hash: string): string {
    const place = this.#places.get(hash)
    const bytes = place ? undefined : runs.readValue(hash)
    if (bytes) return new TextDecoder().decode(bytes)
    const event = place && runs.readRun(place.runId, place.seq - 1).events[0]
    let value: unknown = event
    for (const key of place?.path ?? []) value = isContainer(value) ? Reflect.get(value, key) : undefined
    if (value === undefined) throw new NodeFailure('value-missing', 'This value is not in the run store any more.')
    return JSON.stringify(value)
  }

  #shorten(value: unknown, place: ValuePlace): unknown {
    if (!exceeds(value, previewLimit)) return value
    const shorter = isContainer(value) ? this.#shortenParts(value, place) : value
    return exceeds(shorter, previewLimit) ? this.#replace(value, place) : shorter
  }

  #shortenParts(value: object, place: ValuePlace): unknown {
    const part = (key: string, each: unknown): unknown => this.#shorten(each, { ...place, path: [...place.path, key] })
    if (Array.isArray(value)) return value.map((each, index) => part(String(index), each))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, part(key, each)]))
  }

  #replace(value: unknown, place: ValuePlace): ValuePreview {
    const text = JSON.stringify(value)
    const hash = createHash('sha256').update(text).digest('hex')
    this.#remember(hash, place)
    const type = typeof value === 'string' ? 'string' : Array.isArray(value) ? 'array' : 'object'
    return {
      $blob: hash,
      size: text.length,
      preview: (typeof value === 'string' ? value : text).slice(0, previewLength),
      type,
    }
  }

  #remember(hash: string, { runId, seq, path }: ValuePlace): void {
    this.#places.delete(hash)
    this.#places.set(hash, { runId, seq, path })
    const oldest = this.#places.size > rememberedValues ? this.#places.keys().next().value : undefined
    if (oldest !== undefined) this.#places.delete(oldest)
  }
}

/** Adds the beginning of the value to references that the log itself holds. */
export function isBlobRef(value: Json | undefined): boolean {
  return isJsonObject(value) && typeof value['$blob'] === 'string'
}

/** Whether a value's JSON text is about longer than `limit`; stops counting there. */
function exceeds(value: unknown, limit: number): boolean {
  return measure(value, limit) > limit
}

function measure(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 2
  if (!isContainer(value)) return 8
  let total = 2
  for (const [key, each] of Object.entries(value)) {
    total += key.length + 4 + measure(each, limit - total)
    if (total > limit) return total
  }
  return total
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
