import { createHash } from 'node:crypto'
import type { BlobRef, RunEvent } from '../../model/events.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { ValuePreview } from '../../model/protocol.ts'
import type { RunHost } from '../run/runHost.ts'

/** JSON text longer than this travels as a preview, in UTF-16 units. */
export const previewLimit = 16 * 1024
const previewLength = 2048
const rememberedValues = 20_000
const rememberedBlobs = 1000

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
  readonly #blobs = new Map<string, ValuePreview>()
  #runs: RunHost | undefined

  /** From now on references in the log are shown with the beginning of their value. */
  readFrom(runs: RunHost): void {
    this.#runs = runs
  }

  preview = (event: RunEvent): RunEvent => {
    if (!needsShortening(event)) return event
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
    if (!needsShortening(value)) return value
    if (isBlobRef(value)) return this.#showBlob(value)
    const shorter = isContainer(value) ? this.#shortenParts(value, place) : value
    return exceeds(shorter, previewLimit) ? this.#replace(value, place) : shorter
  }

  /** A JSON value that the log keeps apart; any other blob has nothing to show. */
  #showBlob(ref: BlobRef): unknown {
    if (ref.mime !== 'application/json') return ref
    const known = this.#blobs.get(ref.$blob)
    if (known) return known
    const bytes = this.#runs?.readValue(ref.$blob)
    if (!bytes) return ref
    const shown = describeJson(ref.$blob, new TextDecoder().decode(bytes))
    if (this.#blobs.size >= rememberedBlobs) this.#blobs.clear()
    this.#blobs.set(ref.$blob, shown)
    return shown
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
    return describeJson(hash, text)
  }

  #remember(hash: string, { runId, seq, path }: ValuePlace): void {
    this.#places.delete(hash)
    this.#places.set(hash, { runId, seq, path })
    const oldest = this.#places.size > rememberedValues ? this.#places.keys().next().value : undefined
    if (oldest !== undefined) this.#places.delete(oldest)
  }
}

function describeJson(hash: string, text: string): ValuePreview {
  const type = text.startsWith('"') ? 'string' : text.startsWith('[') ? 'array' : 'object'
  return {
    $blob: hash,
    size: text.length,
    preview: type === 'string' ? beginningOf(text) : text.slice(0, previewLength),
    type,
  }
}

/** The beginning of a string, from its JSON text, which may be cut between the characters of an escape. */
function beginningOf(text: string): string {
  const cut = text.slice(1, Math.min(previewLength, text.length - 1)).replace(/\\(u[0-9a-fA-F]{0,3})?$/, '')
  for (const candidate of [cut, cut.slice(0, -1)]) {
    const parsed = parseText(`"${candidate}"`)
    if (parsed !== undefined) return parsed
  }
  return cut
}

function parseText(text: string): string | undefined {
  try {
    return String(JSON.parse(text))
  } catch {
    return undefined // cut inside an escape
  }
}

function isBlobRef(value: unknown): value is BlobRef {
  return isContainer(value) && '$blob' in value && typeof value.$blob === 'string'
}

/** Whether anything inside is long, or a reference that can be shown. */
function needsShortening(value: unknown): boolean {
  return exceeds(value, previewLimit) || hasBlobRef(value)
}

function hasBlobRef(value: unknown): boolean {
  return isContainer(value) && (isBlobRef(value) || Object.values(value).some(hasBlobRef))
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
