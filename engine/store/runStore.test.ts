import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventBody, RunEvent } from '../../model/events.ts'
import type { Json } from '../../model/json.ts'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import { RunStore } from './runStore.ts'
import { storeFailure } from './storeFailure.ts'

let folder: TempFolder
let store: RunStore

beforeEach(async () => {
  folder = await tempFolder()
  store = new RunStore(folder.path)
})

afterEach(async () => {
  store.close()
  await folder.remove()
})

const at = '2026-01-01T00:00:00.000Z'
const started = (runId: string, input: Json = {}): RunEvent => ({
  runId,
  seq: 1,
  at,
  type: 'run.started',
  flow: 'a.flow.json',
  name: 'A',
  flowHash: 'f',
  machine: 'm',
  input,
})
const finished = (runId: string, seq: number, output: Json): RunEvent => ({
  runId,
  seq,
  at,
  type: 'node.finished',
  node: 'n',
  visit: 1,
  port: 'out',
  output,
})
const bytesOf = (db: DatabaseSync): number => Number(db.prepare('SELECT count(*) AS n FROM blobs').get()?.['n'])

function reopen(): RunStore {
  store.close()
  store = new RunStore(folder.path)
  return store
}

describe('the run store', () => {
  it('shows nothing before the commit and everything after it, in another connection too', () => {
    store.append(started('r1'))
    store.append(finished('r1', 2, { a: [1, 'two', null] }))
    expect(store.listRuns()).toEqual([])
    store.commit(false)
    expect(store.readEvents('r1')).toEqual([started('r1'), finished('r1', 2, { a: [1, 'two', null] })])
    expect(reopen().readEvents('r1', 1)).toEqual([finished('r1', 2, { a: [1, 'two', null] })])
  })

  it('keeps a large value once, by content, wherever it is passed on', () => {
    const text = 'x'.repeat(100_000)
    const list = Array.from({ length: 20_000 }, (_, i) => ({ i }))
    store.append(started('r1', { text, list }))
    for (let seq = 2; seq < 20; seq++) store.append(finished('r1', seq, { deep: { text, list, seq } }))
    store.commit(false)
    const events = reopen().readEvents('r1')
    expect(JSON.stringify(events).length).toBeLessThan(20_000)
    expect(events[5]).toMatchObject({
      output: { deep: { text: { $blob: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown, size: 100_002 }, seq: 6 } },
    })
    expect(store.loadEvents('r1')).toEqual([
      started('r1', { text, list }),
      ...Array.from({ length: 18 }, (_, i) => finished('r1', i + 2, { deep: { text, list, seq: i + 2 } })),
    ])
    const db = new DatabaseSync(store.file, { readOnly: true })
    expect(bytesOf(db)).toBe(2)
    db.close()
  })

  it('leaves references of the flow itself alone', () => {
    const mine = { $blob: 'a'.repeat(64), mime: 'application/json', size: 3 }
    store.append(started('r1', { mine, large: 'y'.repeat(70_000) }))
    store.commit(false)
    expect(reopen().loadEvents('r1')[0]).toEqual(started('r1', { mine, large: 'y'.repeat(70_000) }))
  })

  it('nests references, and reads a value back by its hash', () => {
    const parts = Object.fromEntries(
      Array.from({ length: 700 }, (_, i) => [`p${String(i)}`, `${String(i)}${'z'.repeat(70_000)}`]),
    )
    const packed = store.append(started('r1', { parts }))
    store.commit(false)
    const ref = packed.type === 'run.started' ? (packed.input as { parts: { $blob: string } }).parts : undefined
    expect(store.readValue(ref?.$blob ?? '')).toEqual(parts)
    expect(reopen().loadEvents('r1')[0]).toEqual(started('r1', { parts }))
  })

  it('keeps names that objects have already', () => {
    const odd = JSON.parse(`{"__proto__": {"a": "${'q'.repeat(70_000)}"}, "constructor": 1}`) as Json
    store.append(started('r1', odd))
    store.commit(false)
    expect(JSON.stringify(reopen().loadEvents('r1')[0])).toBe(JSON.stringify(started('r1', odd)))
  })

  it('reads from any event on, however they were committed', () => {
    store.append(started('r1'))
    for (let seq = 2; seq <= 500; seq++) {
      store.append(finished('r1', seq, 'v'.repeat(seq % 7 === 0 ? 3000 : 3)))
      if (seq % 90 === 0) store.commit(seq % 180 === 0)
    }
    store.commit(false)
    for (const after of [0, 1, 89, 90, 91, 250, 499, 500, 9999]) {
      expect(store.readEvents('r1', after).map((event) => event.seq)).toEqual(
        Array.from({ length: Math.max(0, 500 - after) }, (_, i) => after + 1 + i),
      )
    }
    expect(store.loadLastEvent('r1')?.seq).toBe(500)
    expect(store.loadEvents('r1', 123).at(-1)?.seq).toBe(123)
  })

  it('finds a cached result while it is young', () => {
    store.append(started('r1'))
    store.append(finished('r1', 2, 'mine'))
    store.noteCached('k', finished('r1', 2, 'mine'))
    expect(store.findCached('k', Date.parse(at))).toEqual(finished('r1', 2, 'mine'))
    store.commit(false)
    expect(store.findCached('k', Date.parse(at))).toEqual(finished('r1', 2, 'mine'))
    expect(store.findCached('k', Date.parse(at) + 1)).toBeUndefined()
  })

  it('keeps what a failed commit did not write, for the next try', () => {
    const other = new DatabaseSync(store.file, { timeout: 0 })
    other.exec('BEGIN IMMEDIATE')
    store.append(started('r1'))
    expect(() => store.commit(true)).toThrow(expect.objectContaining({ code: 'store-busy' }))
    other.exec('ROLLBACK')
    other.close()
    store.commit(true)
    expect(store.readEvents('r1')).toHaveLength(1)
  })

  it('says which run it does not know', () => {
    expect(() => store.readEvents('nobody')).toThrow(
      expect.objectContaining({ code: 'unknown-run', message: expect.stringContaining('nobody') as unknown }),
    )
  })
})

describe('a run store that was copied', () => {
  it('is from elsewhere while a run is under way in it', async () => {
    store.append(started('r1'))
    store.commit(false)
    expect(reopen().isFromElsewhere).toBe(false)
    store.close()
    const copy = await tempFolder()
    await copyFile(store.file, copy.at('runs.db'))
    store = new RunStore(copy.path)
    expect(store.isFromElsewhere).toBe(true)
    store.update('r1', { status: 'failed' })
    store.commit(false)
    store.close()
    store = new RunStore(copy.path)
    expect(store.isFromElsewhere).toBe(false)
    await copy.remove()
  })
})

describe('a damaged run store', () => {
  const open = (): unknown => {
    try {
      return new RunStore(folder.path)
    } catch (error) {
      return error
    }
  }

  beforeEach(() => {
    for (let i = 0; i < 200; i++) {
      store.append({ ...started(`r${String(i)}`, { text: 'w'.repeat(2000) }) })
      store.append({
        runId: `r${String(i)}`,
        seq: 2,
        at,
        ...({ type: 'run.finished', output: null } satisfies EventBody),
      })
    }
    store.commit(true)
    store.close()
  })

  afterEach(() => {
    store = new RunStore(`${folder.path}/other`)
  })

  it('is named, with the remedy, when it was cut short', async () => {
    const { size } = await stat(store.file)
    await truncate(store.file, Math.floor(size / 2))
    expect(open()).toMatchObject({
      code: 'store-damaged',
      message: expect.stringMatching(/runs\.db.*switchyard doctor/) as unknown,
    })
  })

  it('is named when it is no database at all', async () => {
    await writeFile(store.file, 'not a database '.repeat(1000))
    expect(open()).toMatchObject({ code: 'store-damaged', message: expect.stringContaining(store.file) as unknown })
  })

  it('is named when its pages are garbage', async () => {
    const bytes = await readFile(store.file)
    bytes.fill(0x5a, 4096)
    await writeFile(store.file, bytes)
    const damaged = (): unknown => {
      const opened = open()
      if (!(opened instanceof RunStore)) return opened
      try {
        return opened.listRuns().map(({ runId }) => opened.loadEvents(runId))
      } catch (error) {
        return error
      } finally {
        opened.close()
      }
    }
    expect(damaged()).toMatchObject({ code: 'store-damaged' })
  })

  it('is refused when a newer program wrote it', () => {
    const db = new DatabaseSync(store.file)
    db.exec('PRAGMA user_version = 99')
    db.close()
    expect(open()).toMatchObject({ code: 'store-newer' })
  })

  it('says that the disk is full', () => {
    const db = new DatabaseSync(store.file)
    db.exec('PRAGMA max_page_count = 1')
    const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count'])
    db.exec(`PRAGMA max_page_count = ${String(pages)}`)
    const fill = (): unknown => {
      try {
        db.exec(`INSERT INTO blobs (hash, bytes) VALUES ('h', zeroblob(1000000))`)
        return undefined
      } catch (error) {
        return storeFailure(store.file, error)
      }
    }
    expect(fill()).toMatchObject({ code: 'store-full', message: expect.stringContaining('disk is full') as unknown })
    db.close()
  })
})
