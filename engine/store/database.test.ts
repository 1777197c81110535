import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, open, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import { openDatabase } from './database.ts'

let folder: TempFolder

beforeEach(async () => {
  folder = await tempFolder()
})

afterEach(() => folder.remove())

/** What opening fails with. */
function failure(file = folder.at('runs.db')): unknown {
  try {
    openDatabase(file).close()
  } catch (error) {
    return error
  }
  return undefined
}

function other(sql: string): void {
  const db = new DatabaseSync(folder.at('runs.db'))
  db.exec(sql)
  db.close()
}

const says = (text: string): unknown => expect.stringContaining(text)

describe('a store whose process was killed', () => {
  it('is whole again where that was amid moving its log into the file', async () => {
    const db = openDatabase(folder.at('runs.db'))
    db.exec('PRAGMA wal_autocheckpoint = 0')
    const put = db.prepare('INSERT INTO documents (hash, text) VALUES (?, ?)')
    for (let i = 0; i < 20; i++) put.run(String(i), 'x'.repeat(10_000))
    await mkdir(folder.at('killed'))
    const [copy, log] = [folder.at('killed/runs.db'), folder.at('killed/runs.db-wal')]
    await copyFile(folder.at('runs.db'), copy)
    await copyFile(folder.at('runs.db-wal'), log)
    db.close()
    // The first page, which holds the number of pages, is moved first.
    const pages = Buffer.alloc(4)
    pages.writeUInt32BE(60)
    const file = await open(copy, 'r+')
    await file.write(pages, 0, 4, 28)
    await file.close()
    const again = openDatabase(copy)
    expect(again.prepare('SELECT count(*) AS n FROM documents').get()).toEqual({ n: 20 })
    again.close()
  })
})

it.skipIf(process.platform === 'win32')('says that the store cannot grow past a limit on the size of files', () => {
  const script = `
    const { RunStore } = await import(${JSON.stringify(new URL('./runStore.ts', import.meta.url).href)})
    const store = new RunStore(${JSON.stringify(folder.path)})
    try {
      for (let i = 0; i < 200; i++) store.putBytes(Buffer.alloc(10_000, i))
    } catch (error) {
      console.log(error.code)
    }`
  const command = ['-c', 'ulimit -f 1000; exec "$0" --input-type=module -e "$1"', process.execPath, script]
  const { stdout, status } = spawnSync('bash', command, { encoding: 'utf8' })
  expect([stdout.trim(), status]).toEqual(['store-unreadable', 0])
})

describe('a file that is not the run store', () => {
  it.each([
    ['without a version', 'CREATE TABLE events (x)'],
    ['with a version like ours', 'CREATE TABLE events (x); PRAGMA user_version = 1'],
  ])('is left alone where another program made it, %s', (_case, sql) => {
    other(sql)
    expect(failure()).toMatchObject({ code: 'store-damaged', message: says('another program') })
    const db = new DatabaseSync(folder.at('runs.db'))
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' })
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'events' }])
    db.close()
  })

  it('is named where it is a folder, or lies in a file', async () => {
    await mkdir(folder.at('runs.db'))
    expect(failure()).toMatchObject({ code: 'store-unreadable', message: says('Check that it is a file') })
    await writeFile(folder.at('taken'), '')
    expect(failure(folder.at('taken/runs.db'))).toMatchObject({ code: 'store-unreadable' })
  })

  it('is made anew where it is empty', async () => {
    await writeFile(folder.at('runs.db'), '')
    expect(failure()).toBeUndefined()
    expect(failure()).toBeUndefined()
  })
})
