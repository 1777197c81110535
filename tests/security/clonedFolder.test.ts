import { lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectEngine } from '../../engine/api/connectEngine.ts'
import { RunStore } from '../../engine/store/runStore.ts'
import { takeEngineLock } from '../../engine/workspace/engineLock.ts'
import { readEngineRecord, socketPathOf, writeEngineRecord } from '../../engine/workspace/engineRecord.ts'
import { ensureDataFolder, type WorkspaceFolder } from '../../engine/workspace/workspaceFolder.ts'
import { openEngine, temporaryWorkspace } from '../support/engineHarness.ts'

let workspace: WorkspaceFolder

beforeEach(async () => {
  workspace = await temporaryWorkspace()
})
afterEach(() => rm(workspace.root, { recursive: true, force: true }))

const recordOf = (socket: string): Parameters<typeof writeEngineRecord>[1] => ({
  pid: process.pid,
  socket,
  version: '0.0.0',
  protocol: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
})

describe('symlinks in a data folder that came with a clone', () => {
  it('do not lead the engine’s record to another file', async () => {
    await ensureDataFolder(workspace)
    const victim = join(workspace.root, 'victim.txt')
    await writeFile(victim, 'precious')
    await symlink(victim, join(workspace.data, 'engine.json'))
    await writeEngineRecord(workspace, recordOf('here'))
    expect(await readFile(victim, 'utf8')).toBe('precious')
    expect((await lstat(join(workspace.data, 'engine.json'))).isFile()).toBe(true)
    expect((await readEngineRecord(workspace))?.socket).toBe('here')
  })

  it('do not lead lock or runs to another file', async () => {
    await ensureDataFolder(workspace)
    const victim = join(workspace.root, 'victim.db')
    for (const name of ['engine.lock', 'runs.db']) await symlink(victim, join(workspace.data, name))
    await expect(takeEngineLock(workspace)).rejects.toMatchObject({ code: 'workspace-unwritable' })
    expect(() => new RunStore(workspace.data)).toThrow('is a symbolic link')
    await expect(lstat(victim)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('are refused where the whole folder is one', async () => {
    await mkdir(join(workspace.root, 'plain'))
    await symlink('plain', workspace.data)
    await expect(ensureDataFolder(workspace)).rejects.toMatchObject({ code: 'workspace-unwritable' })
    await expect(openEngine({}, workspace)).rejects.toMatchObject({ code: 'workspace-unwritable' })
  })
})

describe('an engine’s record that came with a clone', () => {
  const server = createServer((socket) => socket.destroy())
  let reached = 0
  server.on('connection', () => reached++)
  beforeEach(() => {
    reached = 0
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('does not lead to a port of this machine', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    await ensureDataFolder(workspace)
    await writeEngineRecord(workspace, recordOf(String(address.port)))
    expect(await connectEngine(workspace)).toBeUndefined()
    expect(reached).toBe(0)
  })

  it('does not lead through a symlink to the socket of another program', async () => {
    const other = join(workspace.root, 'other.sock')
    await new Promise<void>((resolve) => server.listen(other, resolve))
    await ensureDataFolder(workspace)
    await symlink(other, await socketPathOf(workspace))
    await writeEngineRecord(workspace, recordOf(await socketPathOf(workspace)))
    expect(await connectEngine(workspace)).toBeUndefined()
    expect(reached).toBe(0)
  })
})
