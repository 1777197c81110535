import { createHash } from 'node:crypto'
import type { BlobRef } from '../../model/events.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/** Values whose JSON text is longer than this are kept once, by content. EXECUTION.md 8.1. */
export const largeValue = 65_536

/** Where a reference stands inside a packed value. */
export type RefPath = readonly (string | number)[]

/** A value with its large parts replaced by references to blobs. */
export interface Packed {
  readonly value: Json
  /** Places of the references made here; a `$blob` anywhere else is the flow's own. */
  readonly refs: readonly RefPath[]
}

/** Takes the text of a large part (JSON) with the places of references inside it. */
export type KeepPart = (hash: string, text: string, refs: readonly RefPath[]) => void

interface Weighed extends Packed {
  /** Length of the packed value's JSON text, roughly. */
  readonly size: number
}

const recentStrings = 32

/**
 * Replaces large parts of values by references. A part that many events pass on by reference is hashed once: objects
 * are remembered weakly, long strings in a short list. Values must not change once they were packed.
 */
export class ValuePacker {
  readonly #objects = new WeakMap<object, Weighed>()
  readonly #strings = new Map<string, Weighed>()
  readonly #keep: KeepPart

  constructor(keep: KeepPart) {
    this.#keep = keep
  }

  /** Packs the fields of an event; the event's own object is never replaced. Undefined where nothing is large. */
  packFields(event: object): { value: JsonObject; refs: RefPath[] } | undefined {
    if (weighUpTo(event as JsonObject, largeValue) <= largeValue) return undefined
    const refs: RefPath[] = []
    const value: JsonObject = {}
    for (const [key, field] of Object.entries(event as JsonObject)) {
      const packed = this.#pack(field)
      value[key] = packed.value
      for (const ref of packed.refs) refs.push([key, ...ref])
    }
    return { value, refs }
  }

  #pack(value: Json): Weighed {
    if (typeof value === 'string')
      return value.length > largeValue ? this.#packString(value) : plain(value, value.length + 2)
    if (typeof value !== 'object' || value === null) return plain(value, 8)
    const known = this.#objects.get(value)
    if (known) return known
    const weighed = this.#packObject(value)
    if (weighed.size > 1024 || weighed.refs.length > 0) this.#objects.set(value, weighed)
    return weighed
  }

  #packString(text: string): Weighed {
    const known = this.#strings.get(text)
    if (known) return known
    const weighed = this.#replace(text, [])
    if (this.#strings.size >= recentStrings) this.#strings.delete(this.#strings.keys().next().value ?? '')
    this.#strings.set(text, weighed)
    return weighed
  }

  #packObject(value: Json[] | JsonObject): Weighed {
    const refs: RefPath[] = []
    let size = 2
    const add = (key: string | number, child: Json): Json => {
      const packed = this.#pack(child)
      for (const ref of packed.refs) refs.push([key, ...ref])
      size += packed.size + (typeof key === 'string' ? key.length + 4 : 1)
      return packed.value
    }
    const packed = Array.isArray(value) ? value.map((child, i) => add(i, child)) : mapFields(value, add)
    if (size > largeValue) return this.#replace(refs.length > 0 ? packed : value, refs)
    return { value: refs.length > 0 ? packed : value, refs, size }
  }

  #replace(part: Json, refs: readonly RefPath[]): Weighed {
    const text = JSON.stringify(part)
    const hash = sha256(text)
    this.#keep(hash, text, refs)
    const ref: BlobRef & JsonObject = { $blob: hash, mime: 'application/json', size: Buffer.byteLength(text) }
    return { value: ref, refs: [[]], size: 128 }
  }
}

/** Puts the parts back. `read` gives a part's inflated value by hash. */
export function unpack(value: Json, refs: readonly RefPath[], read: (hash: string) => Json): Json {
  let whole = value
  for (const ref of refs) {
    if (ref.length === 0) whole = readRef(whole, read)
    else replaceAt(whole, ref, read)
  }
  return whole
}

function replaceAt(root: Json, path: RefPath, read: (hash: string) => Json): void {
  const last = path[path.length - 1]
  let holder: Json | undefined = root
  for (const key of path.slice(0, -1)) holder = child(holder, key)
  if (Array.isArray(holder) && typeof last === 'number') holder[last] = readRef(holder[last], read)
  else if (isJsonObject(holder) && typeof last === 'string') {
    Object.defineProperty(holder, last, {
      value: readRef(child(holder, last), read),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  } else throw new Error('a reference of a stored value points nowhere')
}

function child(holder: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(holder)) return typeof key === 'number' ? holder[key] : undefined
  return isJsonObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined
}

function readRef(ref: Json | undefined, read: (hash: string) => Json): Json {
  const hash = isJsonObject(ref) ? ref['$blob'] : undefined
  if (typeof hash !== 'string') throw new Error('a stored value lacks the reference it should have')
  return read(hash)
}

/** Length of a value's JSON text, roughly; stops counting soon after `limit`. */
function weighUpTo(value: Json, limit: number): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value !== 'object' || value === null) return 8
  let size = 2
  if (Array.isArray(value)) {
    for (const item of value) {
      size += weighUpTo(item, limit - size) + 1
      if (size > limit) return size
    }
    return size
  }
  for (const key in value) {
    const field = value[key]
    if (field === undefined) continue
    size += key.length + 4 + weighUpTo(field, limit - size)
    if (size > limit) return size
  }
  return size
}

function mapFields(value: JsonObject, map: (key: string, child: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, map(key, field)]))
}

function plain(value: Json, size: number): Weighed {
  return { value, refs: [], size }
}

/** SHA-256 in hex of a text's UTF-8 bytes or of bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
