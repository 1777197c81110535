import { copyFile, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectEngine } from '../../engine/api/connectEngine.ts'
import { listenOnSocket } from '../../engine/api/engineSocket.ts'
import { doctorCommand } from '../../engine/cli/doctorCommand.ts'
import { processTerminal } from '../../engine/cli/terminal.ts'
import { FileSecretStore } from '../../engine/settings/secretStore.ts'
import { SettingsFile } from '../../engine/settings/settingsFile.ts'
import { RunStore } from '../../engine/store/runStore.ts'
import { takeEngineLock } from '../../engine/workspace/engineLock.ts'
import { readEngineRecord, socketPathOf, writeEngineRecord } from '../../engine/workspace/engineRecord.ts'
import { ensureDataFolder, openWorkspace, type WorkspaceFolder } from '../../engine/workspace/workspaceFolder.ts'
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

describe('an engine’s record of its own', () => {
  it.each(['near', 'far-'.repeat(40)])('leads to it, however long the path: %s', async (name) => {
    await mkdir(join(workspace.root, name))
    const engine = await openEngine({}, await openWorkspace(join(workspace.root, name)))
    const socket = await listenOnSocket(engine.engine, engine.workspace)
    const client = await connectEngine(engine.workspace)
    expect(client).toBeDefined()
    client?.destroy()
    await socket.close()
    expect(await connectEngine(engine.workspace)).toBeUndefined()
    await engine.close()
  })
})

describe('settings and secrets', () => {
  const foreign = { providers: { openai: { baseURL: 'https://elsewhere.example/v1' } } }
  let copy: WorkspaceFolder

  beforeEach(async () => {
    copy = await temporaryWorkspace()
    await ensureDataFolder(copy)
    await new SettingsFile(workspace).change(foreign)
    await new FileSecretStore(workspace, {}).set('openai', { value: 'k', hosts: ['elsewhere.example'] })
    for (const name of ['settings.json', 'secrets.json'])
      await copyFile(join(workspace.data, name), join(copy.data, name))
  })
  afterEach(() => rm(copy.root, { recursive: true, force: true }))

  it('count in the folder they were saved in, and show no mark', async () => {
    const settings = new SettingsFile(workspace)
    expect(await settings.read()).toMatchObject(foreign)
    expect(await settings.read()).not.toHaveProperty('place')
    expect(await settings.isFromElsewhere()).toBe(false)
    expect(await new FileSecretStore(workspace, {}).get('openai')).toMatchObject({ value: 'k' })
  })

  it('do not count in a copy of that folder, stay there, and are replaced by a save', async () => {
    const settings = new SettingsFile(copy)
    expect((await settings.read()).providers).toEqual({})
    expect(await settings.isFromElsewhere()).toBe(true)
    expect(await readFile(join(copy.data, 'settings.json'), 'utf8')).toContain('elsewhere.example')
    expect(await settings.change({ theme: 'dark' })).toMatchObject({ theme: 'dark', providers: {} })
    expect([await settings.isFromElsewhere(), (await settings.read()).theme]).toEqual([false, 'dark'])
  })

  it('do not bind a secret of this machine to the hosts of another', async () => {
    const secrets = new FileSecretStore(copy, { SWITCHYARD_SECRET_OPENAI: 'mine' })
    expect(await secrets.get('openai')).toEqual({ value: 'mine', hosts: [] })
    expect([await secrets.list(), await secrets.isFromElsewhere()]).toEqual([[], true])
    await secrets.set('place', { value: 'p', hosts: [] })
    expect(await secrets.list()).toEqual([{ name: 'place', hosts: [] }])
  })

  it('count where they were written by hand, and are marked by the first save', async () => {
    await writeFile(join(copy.data, 'settings.json'), JSON.stringify(foreign))
    await writeFile(join(copy.data, 'secrets.json'), JSON.stringify({ place: { value: 'v', hosts: ['a.example'] } }))
    expect(await new SettingsFile(copy).read()).toMatchObject(foreign)
    expect(await new SettingsFile(copy).change({ theme: 'dark', place: 1 })).toMatchObject(foreign)
    expect(await new SettingsFile(copy).read()).toMatchObject(foreign)
    expect(await new FileSecretStore(copy, {}).get('place')).toEqual({ value: 'v', hosts: ['a.example'] })
  })

  it('from elsewhere are named by the doctor', async () => {
    let said = ''
    await doctorCommand({ ...processTerminal(false, {}), out: (text) => (said += text) }, copy.root)
    expect(said).toContain('settings.json and secrets.json came here from another folder')
  })
})
