import type { DatabaseSync, StatementSync } from 'node:sqlite'

const sql = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  lastRun: 'SELECT max(run) AS run FROM runs',
  putRun: `INSERT INTO runs (run, id, flow, name, status, flow_hash, started_at) VALUES (?, ?, ?, ?, 'running', ?, ?)`,
  updateRun: 'UPDATE runs SET status = ?, ended_at = ?, error = ?, usage = coalesce(?, usage) WHERE run = ?',
  putCommit: 'INSERT INTO commits (run, seq, events, refs) VALUES (?, ?, ?, ?)',
  putBlob: 'INSERT INTO blobs (hash, bytes, refs) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  putDocument: 'INSERT INTO documents (hash, text) VALUES (?, ?) ON CONFLICT DO NOTHING',
  blob: 'SELECT bytes, refs FROM blobs WHERE hash = ?',
  document: 'SELECT text FROM documents WHERE hash = ?',
  commitsFrom: `SELECT seq, events, refs FROM commits WHERE run = ?1
    AND seq >= coalesce((SELECT max(seq) FROM commits WHERE run = ?1 AND seq <= ?2), 0) ORDER BY seq`,
  lastCommit: 'SELECT seq, events, refs FROM commits WHERE run = ? ORDER BY seq DESC LIMIT 1',
  commitOf: 'SELECT seq, events, refs FROM commits WHERE run = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
  run: 'SELECT * FROM runs WHERE id = ?',
  runs: 'SELECT * FROM runs ORDER BY run DESC LIMIT ?',
  runsOfFlow: 'SELECT * FROM runs WHERE flow = ? ORDER BY run DESC LIMIT ?',
  putCached: 'INSERT OR REPLACE INTO cache (key, at, run, seq) VALUES (?, ?, ?, ?)',
  cached: 'SELECT run, seq FROM cache WHERE key = ? AND at >= ?',
  openRuns: `SELECT id FROM runs WHERE status IN ('running', 'waiting') ORDER BY run`,
} as const

/** Every statement of the run store, prepared once. */
export type Statements = Readonly<Record<keyof typeof sql, StatementSync>>

export function prepareStatements(db: DatabaseSync): Statements {
  const entries = Object.entries(sql).map(([name, text]) => [name, db.prepare(text)])
  return Object.fromEntries(entries) as Statements
}
