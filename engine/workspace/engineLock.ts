import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { NodeFailure } from '../../model/failure.ts'
import { refuseLink } from '../store/refuseLink.ts'
import { messageOf } from './systemError.ts'
import type { WorkspaceFolder } from './workspaceFolder.ts'

/** Held as long as this process drives the workspace's runs. */
export interface EngineLock {
  release(): void
}

/**
 * Takes the workspace's lock, or gives undefined where another process holds it. The lock is one that the operating
 * system keeps (SQLite's, on a database of its own), so it is gone with its process, however that ends. Fails as
 * `workspace-unwritable`.
 */
export async function takeEngineLock(workspace: WorkspaceFolder): Promise<EngineLock | undefined> {
  const { DatabaseSync } = await import('node:sqlite')
  const file = join(workspace.data, 'engine.lock')
  refuseLink(file)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    const held = database
    held.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return { release: () => held.close() }
  } catch (error) {
    database?.close()
    if (isBusy(error)) return undefined
    throw new NodeFailure('workspace-unwritable', `The lock ${file} cannot be taken: ${messageOf(error)}`)
  }
}

/** SQLITE_BUSY and its extended codes. https://sqlite.org/rescode.html */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  )
}
