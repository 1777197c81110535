import { connect, type Socket } from 'node:net'
import { readEngineRecord } from '../workspace/engineRecord.ts'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.ts'

/** Connects to the engine that holds a workspace; undefined where none answers. */
export async function connectEngine(workspace: WorkspaceFolder): Promise<Socket | undefined> {
  const record = await readEngineRecord(workspace)
  return record ? connectSocket(record.socket) : undefined
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
