import { createHash } from 'node:crypto'
import { mkdir, lstat, readFile, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import '../../model/jitless.ts'
import { NodeFailure } from '../../model/failure.ts'
import { writeAtomically } from './atomicWrite.ts'
import type { WorkspaceFolder } from './workspaceFolder.ts'

const recordSchema = z.object({
  pid: z.number(),
  socket: z.string(),
  version: z.string(),
  protocol: z.number(),
  startedAt: z.string(),
})

/** `.switchyard/engine.json`: where the engine that holds the workspace listens. */
export type EngineRecord = z.infer<typeof recordSchema>

/** Longest path of a Unix socket that every system takes (macOS: 104 bytes with the final zero). */
const longestSocketPath = 100

const recordPath = (workspace: WorkspaceFolder): string => join(workspace.data, 'engine.json')

/** Undefined where no engine left a record, or a damaged one. */
export async function readEngineRecord(workspace: WorkspaceFolder): Promise<EngineRecord | undefined> {
  const text = await readFile(recordPath(workspace), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return recordSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // half written by a process that died: as good as none
  }
}

/** Replaces what stands there, a symlink too, rather than write through it. */
export async function writeEngineRecord(workspace: WorkspaceFolder, record: EngineRecord): Promise<void> {
  await writeAtomically(recordPath(workspace), `${JSON.stringify(record)}\n`, 0o600)
}

/** Removes the record, if it is this process's own. */
export async function removeEngineRecord(workspace: WorkspaceFolder): Promise<void> {
  const record = await readEngineRecord(workspace)
  if (record?.pid === process.pid) await rm(recordPath(workspace), { force: true })
}

/**
 * Where the engine of a workspace listens: in its data folder, or, where that path is too long for a socket, in an
 * owner-only folder for temporary files. A named pipe on Windows.
 */
export async function socketPathOf(workspace: WorkspaceFolder): Promise<string> {
  const hash = createHash('sha256').update(workspace.root).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return String.raw`\\.\pipe\switchyard-${hash}`
  const near = join(workspace.data, 'engine.sock')
  if (Buffer.byteLength(near) <= longestSocketPath) return near
  return join(await ownedFolder(join(tmpdir(), `switchyard-${userInfo().uid}`)), `${hash}.sock`)
}

/** Makes a folder that only this user can enter; refuses one that somebody else has put there. */
async function ownedFolder(folder: string): Promise<string> {
  await mkdir(folder, { mode: 0o700, recursive: true })
  const entry = await lstat(folder)
  if (!entry.isDirectory() || entry.uid !== userInfo().uid || (entry.mode & 0o077) !== 0) {
    throw new NodeFailure(
      'socket-folder',
      `The folder ${folder} does not belong to this user alone, so the engine cannot listen there. Remove it.`,
    )
  }
  return folder
}
