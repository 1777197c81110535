/**
 * A list of which a changed copy shares all chunks that did not change, so that a step over thousands of nodes copies
 * but a few: plain JSON, never changed in place.
 */
export interface ChunkedList<T> {
  readonly chunks: readonly (readonly T[])[]
}

const bits = 6
const chunkSize = 1 << bits

export function chunkedList<T>(items: readonly T[]): ChunkedList<T> {
  const chunks: T[][] = []
  for (let at = 0; at < items.length; at += chunkSize) chunks.push(items.slice(at, at + chunkSize))
  return { chunks }
}

/** Collects changes to a list; the list it began with stays as it was. */
export class ListDraft<T> {
  private readonly base: ChunkedList<T>
  /** The changed copy: undefined until something changes. */
  private chunks: (readonly T[])[] | undefined
  private readonly own = new Map<number, T[]>()

  constructor(base: ChunkedList<T>) {
    this.base = base
  }

  get(index: number): T {
    const item = (this.chunks ?? this.base.chunks)[index >> bits]?.[index & (chunkSize - 1)]
    if (item === undefined) throw new RangeError(`The list has no item ${String(index)}.`)
    return item
  }

  set(index: number, item: T): void {
    const at = index >> bits
    let chunk = this.own.get(at)
    if (!chunk) {
      this.chunks ??= [...this.base.chunks]
      chunk = [...(this.chunks[at] ?? [])]
      this.chunks[at] = chunk
      this.own.set(at, chunk)
    }
    chunk[index & (chunkSize - 1)] = item
  }

  done(): ChunkedList<T> {
    return this.chunks ? { chunks: this.chunks } : this.base
  }
}
