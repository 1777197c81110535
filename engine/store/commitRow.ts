import type { SQLOutputValue } from 'node:sqlite'
import type { RunEvent } from '../../model/events.ts'
import type { Json } from '../../model/json.ts'
import { unpack, type RefPath } from './packValue.ts'

/** Characters after which a row is full: one that is read for a single event should not be huge. */
const fullAt = 262_144

/** Events of one run that go into one row. */
export class CommitRow {
  /** Seq of the first event. */
  readonly seq: number
  readonly #texts: string[] = []
  readonly #refs: [index: number, path: RefPath][] = []
  #size = 0

  constructor(seq: number) {
    this.seq = seq
  }

  get isFull(): boolean {
    return this.#size > fullAt
  }

  add(text: string, refs: readonly RefPath[]): void {
    for (const ref of refs) this.#refs.push([this.#texts.length, ref])
    this.#texts.push(text)
    this.#size += text.length
  }

  get events(): string {
    return `[${this.#texts.join(',')}]`
  }

  get refs(): string | null {
    return this.#refs.length > 0 ? JSON.stringify(this.#refs) : null
  }
}

/** Columns of a row as SQLite gives them. */
export type CommitColumns = Readonly<Record<string, SQLOutputValue>>

/** The events of a row as readers see them, with references for large values. */
export function eventsOf(row: CommitColumns): RunEvent[] {
  return JSON.parse(String(row['events'])) as RunEvent[]
}

/** The events of a row whole; `read` gives a large value by hash. */
export function wholeEventsOf(row: CommitColumns, read: (hash: string) => Json): RunEvent[] {
  const events = eventsOf(row)
  if (row['refs'] === null) return events
  const refs = JSON.parse(String(row['refs'])) as [number, RefPath][]
  const paths = refs.map(([index, path]): RefPath => [index, ...path])
  return unpack(events as unknown as Json, paths, read) as unknown as RunEvent[]
}
