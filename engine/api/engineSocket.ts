import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { protocolVersion } from '../../model/protocol.ts'
import { packageVersion } from '../workspace/packageFolder.ts'
import { removeEngineRecord, socketPathOf, writeEngineRecord } from '../workspace/engineRecord.ts'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.ts'
import type { Engine } from './engine.ts'
import { openLineStream, parseLine } from './lineStream.ts'

/** The local socket on which windows and commands reach the engine. */
export interface EngineSocket {
  readonly path: string
  /** Resolves once no client is connected; at once where none is. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Listens and says where in `.switchyard/engine.json`. The caller holds the workspace's lock, so an old socket is dead. */
export async function listenOnSocket(engine: Engine, workspace: WorkspaceFolder): Promise<EngineSocket> {
  const path = await socketPathOf(workspace)
  if (process.platform !== 'win32') await rm(path, { force: true })
  const clients = new Set<() => void>()
  let wakeIdle: () => void = () => undefined
  const server = createServer((socket) => {
    const lines = openLineStream(socket, {
      line: (text) => void connection.receive(parseLine(text)),
      closed: () => {
        connection.close()
        clients.delete(lines.close)
        if (clients.size === 0) wakeIdle()
      },
    })
    const connection = engine.connect((message) => lines.send(message))
    clients.add(lines.close)
  })
  await listen(server, path)
  await writeEngineRecord(workspace, {
    pid: process.pid,
    socket: path,
    version: packageVersion(),
    protocol: protocolVersion,
    startedAt: new Date().toISOString(),
  })
  return {
    path,
    idle: () => (clients.size === 0 ? Promise.resolve() : new Promise((resolve) => (wakeIdle = resolve))),
    close: async () => {
      for (const close of clients) close()
      await Promise.all([new Promise((resolve) => server.close(resolve)), removeEngineRecord(workspace)])
    },
  }
}

/**
 * The mode is set by the umask while the socket is made, so that there is no moment at which others could connect.
 * `listen` binds before it returns, so nothing else is made under that umask.
 */
async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    const before = process.umask(0o177)
    server.listen(path, resolve)
    process.umask(before)
  })
  if (process.platform !== 'win32') await chmod(path, 0o600)
}
