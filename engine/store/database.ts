import { closeSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { NodeFailure } from '../../model/failure.ts'
import { storeFailure } from './storeFailure.ts'

/** Below this a rare race could damage a write-ahead log while it is reset. https://sqlite.org/wal.html */
const safeSqlite = [3, 51, 3] as const

const schemaVersion = 1

/**
 * The events that one commit adds to one run are one row: a JSON list beginning at `seq`. Inserting rows would otherwise
 * be what a pure node costs most. `events` and `intents` show them one by one to whoever looks into the file.
 */
const schema = `
  CREATE TABLE runs (
    run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, flow TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
    flow_hash TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT, error TEXT, usage TEXT
  ) STRICT;
  CREATE INDEX runs_by_flow ON runs (flow, run);
  CREATE INDEX runs_open ON runs (run) WHERE status IN ('running', 'waiting');
  CREATE TABLE commits (
    run INTEGER NOT NULL, seq INTEGER NOT NULL, events TEXT NOT NULL, refs TEXT,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE blobs (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL, refs TEXT) STRICT;
  CREATE TABLE documents (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE cache (key TEXT PRIMARY KEY, at INTEGER NOT NULL, run INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT;
  CREATE VIEW events AS
    SELECT commits.run, commits.seq + one.key AS seq, one.value ->> 'type' AS type, one.value AS event
    FROM commits, json_each(commits.events) AS one;
  CREATE VIEW intents AS
    SELECT run, seq, event ->> 'key' AS key, event ->> 'node' AS node, event ->> 'visit' AS visit,
      event ->> 'attempt' AS attempt, event ->> 'idempotent' AS idempotent
    FROM events WHERE type = 'effect.intended';
  PRAGMA user_version = ${String(schemaVersion)};
`

const ownTables = ['runs', 'commits', 'blobs', 'documents', 'cache'] as const

/**
 * Opens the database of a workspace's runs, making it where there is none. Fails as `store-damaged`, `store-full`,
 * `store-unreadable`, `store-newer`, `sqlite-too-old`, each naming the file and the remedy.
 */
export function openDatabase(file: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    surviveFileSizeLimit()
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const isSettled = sizeOf(`${file}-wal`) === 0
    if (isSettled) refuseTruncated(file)
    db = new DatabaseSync(file, { timeout: 2000 })
    prepareDatabase(db, file)
    if (!isSettled) settle(db, file)
    return db
  } catch (error) {
    db?.close()
    throw storeFailure(file, error)
  }
}

/** At a limit on the size of files the system ends the process; with its signal taken, the write fails and says why. */
function surviveFileSizeLimit(): void {
  if (process.platform === 'win32' || process.listenerCount('SIGXFSZ') > 0) return
  process.on('SIGXFSZ', () => undefined)
}

function prepareDatabase(db: DatabaseSync, file: string): void {
  refuseOldSqlite(db)
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > schemaVersion) {
    throw new NodeFailure('store-newer', `The run store ${file} was written by a newer Switchyard. Update this one.`)
  }
  refuseForeign(db, version, file)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000')
  if (process.platform === 'darwin') db.exec('PRAGMA fullfsync = ON')
  if (version === 0) db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`)
}

/** A database of another program is not touched, also where it happens to carry our version's number. */
function refuseForeign(db: DatabaseSync, version: number, file: string): void {
  const names = new Set(
    db
      .prepare('SELECT name FROM sqlite_schema')
      .all()
      .map(({ name }) => String(name)),
  )
  const isOurs = version === 0 ? names.size === 0 : ownTables.every((name) => names.has(name))
  if (isOurs) return
  throw new NodeFailure(
    'store-damaged',
    `The run store ${file} is a database of another program. Move the file away to start with an empty list of runs.`,
    { details: { file } },
  )
}

/**
 * A process that was killed while it moved the write-ahead log into the file leaves a file that is too short, and the
 * rest in the log: only once that is moved does the length tell something.
 */
function settle(db: DatabaseSync, file: string): void {
  db.exec('PRAGMA wal_checkpoint')
  refuseTruncated(file)
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function refuseOldSqlite(db: DatabaseSync): void {
  const version = String(db.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  if (isOlder(version.split('.').map(Number), safeSqlite)) {
    const needed = safeSqlite.join('.')
    throw new NodeFailure(
      'sqlite-too-old',
      `SQLite ${version} can damage the run store; ${needed} is needed. Use a newer Node.`,
    )
  }
}

function isOlder(found: readonly number[], needed: readonly number[]): boolean {
  for (const [i, part] of needed.entries()) {
    if ((found[i] ?? 0) !== part) return (found[i] ?? 0) < part
  }
  return false
}

/** SQLite notices a missing tail only when it reads there; the header says how many pages there must be. */
function refuseTruncated(file: string): void {
  const header = readHeader(file)
  if (!header || header.size === 0) return
  const pageSize = header.bytes.readUInt16BE(16) === 1 ? 65_536 : header.bytes.readUInt16BE(16)
  if (header.size < 100 || header.size < pageSize * header.bytes.readUInt32BE(28)) {
    throw storeFailure(file, Object.assign(new Error('the file is shorter than its header says'), { errcode: 11 }))
  }
}

function readHeader(file: string): { bytes: Buffer; size: number } | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const bytes = Buffer.alloc(100)
    readSync(descriptor, bytes, 0, 100, 0)
    return { bytes, size: fstatSync(descriptor).size }
  } finally {
    closeSync(descriptor)
  }
}
