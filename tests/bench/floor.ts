import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

/**
 * The least the same work costs without an engine: a table of async functions that hand a value on, and the same with
 * one row per node in a write-ahead log (`synchronous=NORMAL`, one transaction each), which is what it takes for every
 * finished node to survive the process.
 */
export interface Floor {
  readonly plain: FloorCases
  readonly sqlite: FloorCases
  close(): void
}

/** Each makes a function that executes the case once; `value` is handed through, n as in the flow of the same name. */
export interface FloorCases {
  chain(n: number, value: unknown): () => Promise<unknown>
  /** Layers of ten, each awaited whole. */
  layered(n: number, value: unknown): () => Promise<unknown>
  fork(n: number, value: unknown): () => Promise<unknown>
}

type Record = (run: number, node: number, value: unknown) => void

export function openFloor(folder: string): Floor {
  const db = new DatabaseSync(join(folder, 'floor.db'))
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  db.exec('CREATE TABLE steps (run INTEGER, seq INTEGER, event TEXT, PRIMARY KEY (run, seq)) WITHOUT ROWID')
  const insert = db.prepare('INSERT INTO steps VALUES (?, ?, ?)')
  return { plain: cases(() => {}), sqlite: cases(inserter(insert)), close: () => db.close() }
}

function inserter(insert: StatementSync): Record {
  return (run, node, value) => {
    insert.run(run, node, JSON.stringify({ node, value }))
  }
}

let runs = 0

function cases(record: Record): FloorCases {
  const step = async (run: number, node: number, value: unknown): Promise<unknown> => {
    const output = await Promise.resolve(value)
    record(run, node, output)
    return output
  }
  return {
    chain: (n, value) => async () => {
      const run = ++runs
      let current = value
      for (let node = 0; node < n; node++) current = await step(run, node, current)
      return current
    },
    layered: (n, value) => async () => {
      const run = ++runs
      for (let node = 0; node < n; node += 10) {
        await Promise.all(Array.from({ length: Math.min(10, n - node) }, (_, i) => step(run, node + i, value)))
      }
      return value
    },
    fork: (n, value) => async () => {
      const run = ++runs
      await Promise.all(Array.from({ length: n }, (_, node) => step(run, node, value)))
      return value
    },
  }
}
