import { lstat } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { readEngineRecord, socketPathOf } from '../workspace/engineRecord.ts'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.ts'

/**
 * Connects to the engine that holds a workspace; undefined where none answers. The record says only that there is one:
 * it may have come with the folder, so where to connect is worked out here and never read from it.
 */
export async function connectEngine(workspace: WorkspaceFolder): Promise<Socket | undefined> {
  const record = await readEngineRecord(workspace)
  if (!record) return undefined
  const path = await socketPathOf(workspace)
  return (await isSocket(path)) ? connectSocket(path) : undefined
}

/** Not so for a symlink, which could lead to the socket of any other program. */
async function isSocket(path: string): Promise<boolean> {
  if (process.platform === 'win32') return true // a named pipe, which no folder can bring along
  const entry = await lstat(path).catch(() => undefined)
  return entry?.isSocket() === true
}

function connectSocket(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    // Nobody listens: the record was left by an engine that died.
    socket.once('error', () => resolve(undefined))
  })
}
