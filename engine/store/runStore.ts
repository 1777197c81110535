import { join } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RunEvent, Usage } from '../../model/events.ts'
import { NodeFailure, type Failure } from '../../model/failure.ts'
import type { Json } from '../../model/json.ts'
import type { RunStatus, RunSummary } from '../../model/protocol.ts'
import { refuseLink } from './refuseLink.ts'
import { placeMark } from './placeMark.ts'
import { openDatabase } from './database.ts'
import { prepareStatements, type Statements } from './statements.ts'
import { CommitRow, eventsOf, wholeEventsOf } from './commitRow.ts'
import { sha256, unpack, ValuePacker, type RefPath } from './packValue.ts'
import { storeFailure } from './storeFailure.ts'

/**
 * What the scheduler writes to. Appends are collected in memory; `commit` writes them in one transaction, after which
 * they survive the process. Every method may throw `NodeFailure` with a code `store-…`.
 */
export interface Journal {
  /** Collects one event. Gives it back with large values as references: the form readers and listeners see. */
  append(event: RunEvent): RunEvent
  /** Collects a change of the run's row. */
  update(runId: string, change: RunChange): void
  /**
   * Writes everything collected. `full`: it survives power loss too (the intent or result of an effect that must not
   * happen twice). A failed commit keeps what was collected, so that it may be tried again.
   */
  commit(full: boolean): void
}

export interface RunChange {
  readonly status: RunStatus
  readonly endedAt?: string
  readonly error?: Failure
  readonly usage?: Usage
}

/** Documents a run is pinned to. */
export interface Documents {
  readonly flowText: string
  readonly machineText: string
}

type Write = (statements: Statements) => void

/** The runs of a workspace, their events, values and documents, in one SQLite database. */
export class RunStore implements Journal {
  readonly file: string
  /** The runs under way in it began in another place: the file came here with its folder, and nobody here started them. */
  readonly isFromElsewhere: boolean
  readonly #db: DatabaseSync
  readonly #statements: Statements
  readonly #packer: ValuePacker
  readonly #runNumbers = new Map<string, number>()
  readonly #keptDocuments = new Set<string>()
  #nextRun: number
  #pending: Write[] = []
  /** Rows of events that are collected, by run. */
  #rows = new Map<number, CommitRow>()
  /** Results to be remembered that are not committed yet, by cache key. */
  readonly #noted = new Map<string, RunEvent>()
  #isFull = false

  /** Opens `.switchyard/runs.db` of a workspace's data folder. Fails as `workspace-unwritable` where that is a symlink. */
  constructor(folder: string) {
    this.file = join(folder, 'runs.db')
    refuseLink(this.file)
    this.#db = openDatabase(this.file)
    this.#statements = this.#guard(() => prepareStatements(this.#db))
    this.isFromElsewhere = this.#guard(() => !this.#settleHere(placeMark(folder)))
    this.#nextRun = this.#guard(() => Number(this.#statements.lastRun.get()?.['run'] ?? 0)) + 1
    this.#packer = new ValuePacker((hash, text, refs) => {
      this.#pending.push((s) => s.putBlob.run(hash, Buffer.from(text), refs.length > 0 ? JSON.stringify(refs) : null))
    })
  }

  /** Whether the store's runs were started here. One without runs under way becomes this place's own. */
  #settleHere(place: number): boolean {
    if (Number(this.#db.prepare('PRAGMA application_id').get()?.['application_id']) === place) return true
    if (this.#statements.openRuns.all().length > 0) return false
    this.#db.exec(`PRAGMA application_id = ${String(place)}`)
    return true
  }

  append(event: RunEvent): RunEvent {
    const { packed, text } = this.#textOf(event)
    if (event.type === 'run.started') this.#addRun(event)
    const run = this.#numberOf(event.runId)
    this.#rowFor(run, event.seq).add(text, packed?.refs ?? [])
    return packed ? (packed.value as unknown as RunEvent) : event
  }

  update(runId: string, change: RunChange): void {
    const run = this.#numberOf(runId)
    const error = change.error ? JSON.stringify(change.error) : null
    const usage = change.usage ? JSON.stringify(change.usage) : null
    this.#pending.push((s) => s.updateRun.run(change.status, change.endedAt ?? null, error, usage, run))
  }

  /** Keeps a flow text or machine with the next commit; gives its hash. */
  putDocument(text: string): string {
    const hash = sha256(text)
    if (!this.#keptDocuments.has(hash)) {
      this.#pending.push((s) => s.putDocument.run(hash, text))
      this.#keptDocuments.add(hash)
    }
    return hash
  }

  commit(full: boolean): void {
    if (this.#pending.length === 0 && this.#rows.size === 0) return
    this.#guard(() => this.#write(full))
    this.#pending = []
    this.#rows.clear()
    this.#noted.clear()
  }

  /** The event as it is stored. Neither packing nor `JSON.stringify` bears values that nest without end. */
  #textOf(event: RunEvent): { packed: ReturnType<ValuePacker['packFields']>; text: string } {
    try {
      const packed = this.#packer.packFields(event)
      return { packed, text: JSON.stringify(packed?.value ?? event) }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new NodeFailure('value-too-deep', 'A value nests too deep to be kept. Make it flatter.', { cause: error })
    }
  }

  #rowFor(run: number, seq: number): CommitRow {
    const row = this.#rows.get(run)
    if (row && !row.isFull) return row
    if (row) this.#pending.push((s) => s.putCommit.run(run, row.seq, row.events, row.refs))
    const next = new CommitRow(seq)
    this.#rows.set(run, next)
    return next
  }

  #write(full: boolean): void {
    if (full !== this.#isFull) this.#db.exec(`PRAGMA synchronous = ${full ? 'FULL' : 'NORMAL'}`)
    this.#isFull = full
    this.#statements.begin.run()
    try {
      for (const write of this.#pending) write(this.#statements)
      for (const [run, row] of this.#rows) this.#statements.putCommit.run(run, row.seq, row.events, row.refs)
      this.#statements.commit.run()
    } catch (error) {
      if (this.#db.isTransaction) this.#statements.rollback.run()
      throw error
    }
  }

  /** Keeps bytes as a blob at once, so that an event may name them. Gives their hash. */
  putBytes(bytes: Uint8Array): string {
    const hash = sha256(bytes)
    this.#guard(() => this.#statements.putBlob.run(hash, bytes, null))
    return hash
  }

  /** Remembers where a result is recorded that may be taken again, for good with the next commit. */
  noteCached(key: string, event: RunEvent): void {
    this.#noted.set(key, event)
    const run = this.#numberOf(event.runId)
    this.#pending.push((s) => s.putCached.run(key, Date.parse(event.at), run, event.seq))
  }

  /** The event noted under this key at or after `since` (milliseconds since 1970), whole. */
  findCached(key: string, since: number): RunEvent | undefined {
    const noted = this.#noted.get(key)
    if (noted && Date.parse(noted.at) >= since) return noted
    const found = this.#guard(() => this.#statements.cached.get(key, since))
    if (!found) return undefined
    const seq = Number(found['seq'])
    const row = this.#guard(() => this.#statements.commitOf.get(Number(found['run']), seq))
    return row && this.#whole(row, new Map()).find((event) => event.seq === seq)
  }

  /** The bytes of a blob; undefined where there is none. */
  readBytes(hash: string): Uint8Array | undefined {
    const bytes = this.#guard(() => this.#statements.blob.get(hash))?.['bytes']
    return bytes instanceof Uint8Array ? bytes : undefined
  }

  /** A machine or flow text. Fails as `store-damaged` where it is missing. */
  readDocument(hash: string): string {
    const row = this.#guard(() => this.#statements.document.get(hash))
    if (!row) throw this.#missing(`the document ${hash}`)
    return String(row['text'])
  }

  /** Committed events after `after`, as readers see them (large values as references). */
  readEvents(runId: string, after = 0): RunEvent[] {
    return this.#readRows(runId, after)
      .flatMap(eventsOf)
      .filter((event) => event.seq > after)
  }

  /** Committed events whole, for folding. Equal large values share one object. */
  loadEvents(runId: string, upTo = Number.MAX_SAFE_INTEGER): RunEvent[] {
    const values = new Map<string, Json>()
    const rows = this.#readRows(runId, 0).filter((row) => Number(row['seq']) <= upTo)
    return rows.flatMap((row) => this.#whole(row, values)).filter((event) => event.seq <= upTo)
  }

  /** The newest committed event of a run, whole. */
  loadLastEvent(runId: string): RunEvent | undefined {
    const run = this.#numberOf(runId)
    const row = this.#guard(() => this.#statements.lastCommit.get(run))
    return row && this.#whole(row, new Map()).at(-1)
  }

  /** A value by the hash its reference carries, whole. */
  readValue(hash: string): Json {
    return this.#readPart(hash, new Map())
  }

  /** Runs, newest first. */
  listRuns(filter: { flow?: string | undefined; limit?: number | undefined } = {}): RunSummary[] {
    const limit = filter.limit ?? 1000
    const rows = this.#guard(() =>
      filter.flow === undefined
        ? this.#statements.runs.all(limit)
        : this.#statements.runsOfFlow.all(filter.flow, limit),
    )
    return rows.map(summaryOf)
  }

  /** Ids of runs that have not ended, oldest first. */
  openRuns(): string[] {
    return this.#guard(() => this.#statements.openRuns.all()).map((row) => String(row['id']))
  }

  readRun(runId: string): { summary: RunSummary; flowHash: string } | undefined {
    const row = this.#guard(() => this.#statements.run.get(runId))
    return row && { summary: summaryOf(row), flowHash: String(row['flow_hash']) }
  }

  close(): void {
    this.#db.close()
  }

  #readRows(runId: string, after: number): Row[] {
    const run = this.#numberOf(runId)
    return this.#guard(() => this.#statements.commitsFrom.all(run, after + 1))
  }

  #whole(row: Row, values: Map<string, Json>): RunEvent[] {
    return this.#guard(() => wholeEventsOf(row, (hash) => this.#readPart(hash, values)))
  }

  #readPart(hash: string, values: Map<string, Json>): Json {
    const known = values.get(hash)
    if (known !== undefined) return known
    const row = this.#guard(() => this.#statements.blob.get(hash))
    const bytes = row?.['bytes']
    if (!row || !(bytes instanceof Uint8Array)) throw this.#missing(`the value ${hash}`)
    const part = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json
    const refs = row['refs'] === null ? [] : (JSON.parse(String(row['refs'])) as RefPath[])
    const whole = unpack(part, refs, (inner) => this.#readPart(inner, values))
    values.set(hash, whole)
    return whole
  }

  #addRun(event: Extract<RunEvent, { type: 'run.started' }>): void {
    const run = this.#nextRun++
    this.#runNumbers.set(event.runId, run)
    this.#pending.push((s) => s.putRun.run(run, event.runId, event.flow, event.name, event.flowHash, event.at))
  }

  #numberOf(runId: string): number {
    const known = this.#runNumbers.get(runId)
    if (known !== undefined) return known
    const row = this.#guard(() => this.#statements.run.get(runId))
    if (!row) throw new NodeFailure('unknown-run', `There is no run ${runId} in this workspace.`)
    const run = Number(row['run'])
    this.#runNumbers.set(runId, run)
    return run
  }

  #missing(what: string): NodeFailure {
    return new NodeFailure('store-damaged', `The run store ${this.file} lacks ${what}. Run "switchyard doctor".`)
  }

  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw storeFailure(this.file, error)
    }
  }
}

type Row = NonNullable<ReturnType<StatementSync['get']>>

function summaryOf(row: Row): RunSummary {
  const startedAt = String(row['started_at'])
  const endedAt = row['ended_at'] === null ? undefined : String(row['ended_at'])
  return {
    runId: String(row['id']),
    flow: String(row['flow']),
    name: String(row['name']),
    status: String(row['status']) as RunStatus,
    startedAt,
    ...(endedAt !== undefined && { endedAt, durationMs: Date.parse(endedAt) - Date.parse(startedAt) }),
    ...(row['error'] !== null && { error: JSON.parse(String(row['error'])) as Failure }),
    ...(row['usage'] !== null && { usage: JSON.parse(String(row['usage'])) as Usage }),
  }
}
