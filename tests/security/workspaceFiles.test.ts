import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEngine, type EngineHarness } from '../support/engineHarness.ts'

let engine: EngineHarness
let root: string

beforeEach(async () => {
  engine = await openEngine()
  root = engine.workspace.root
})
afterEach(() => engine.close())

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )

describe('files of the workspace', () => {
  it.each([
    '../x.flow.json',
    'a/../../x.flow.json',
    '/etc/passwd',
    '..',
    'a/../..',
    '\0.flow.json',
    'x\0/../../etc/passwd',
  ])('are never outside it: %j', async (path) => {
    expect(await codeOf(engine.request('file.read', { path }))).toBe('file-outside')
    expect(await codeOf(engine.request('file.write', { path, text: 'x', expected: null }))).toBe('file-outside')
    expect(await codeOf(engine.request('draft.save', { path, text: 'x', label: 'x', base: null }))).toBe('file-outside')
    expect(await codeOf(engine.request('template.create', { name: 'x', folder: path }))).not.toBe('done')
  })

  it.each(['.switchyard/settings.json', '.switchyard', 'a/../.switchyard/runs.db', './.switchyard/secrets.json'])(
    'never are Switchyard’s own: %s',
    async (path) => {
      await engine.request('secret.set', { name: 'canary', value: 'k-canary-5d2f' })
      expect(await codeOf(engine.request('file.read', { path }))).toBe('file-refused')
      expect(await codeOf(engine.request('file.write', { path, text: '{}', expected: null }))).toBe('file-refused')
    },
  )

  it('are not reached through symlinks that lead out', async () => {
    const outside = join(dirname(root), `outside-${Date.now()}`)
    await mkdir(outside)
    await writeFile(join(outside, 'secret.flow.json'), 'secret')
    await symlink(outside, join(root, 'folder'))
    await symlink(join(outside, 'secret.flow.json'), join(root, 'file.flow.json'))
    await symlink(join(outside, 'new.flow.json'), join(root, 'dangling.flow.json'))
    await symlink(engine.workspace.data, join(root, 'data'))
    for (const path of ['folder/secret.flow.json', 'file.flow.json', 'folder/new.flow.json']) {
      expect([path, await codeOf(engine.request('file.read', { path }))]).toEqual([path, 'file-outside'])
      expect([path, await codeOf(engine.request('file.write', { path, text: 'x', expected: null }))]).toEqual([
        path,
        'file-outside',
      ])
    }
    expect(await codeOf(engine.request('file.read', { path: 'data/settings.json' }))).toBe('file-refused')
    expect(await codeOf(engine.request('file.write', { path: 'dangling.flow.json', text: 'x', expected: null }))).toBe(
      'file-unreadable',
    )
    expect(await readdir(outside)).toEqual(['secret.flow.json'])
    expect(await readFile(join(outside, 'secret.flow.json'), 'utf8')).toBe('secret')
    expect((await engine.request('workspace.files', {})).files.map(({ path }) => path)).toEqual([])
    await rm(outside, { recursive: true })
  })

  it('say plainly what cannot be read', async () => {
    await mkdir(join(root, 'folder.flow.json'))
    await writeFile(join(root, 'bytes.flow.json'), Buffer.from([0xff, 0xfe, 0x00]))
    expect(await codeOf(engine.request('file.read', { path: 'none.flow.json' }))).toBe('file-missing')
    expect(await codeOf(engine.request('file.read', { path: 'folder.flow.json' }))).toBe('file-unreadable')
    expect(await codeOf(engine.request('file.read', { path: 'bytes.flow.json' }))).toBe('file-not-text')
  })

  it('are written whole, or not at all, and only over what the writer has seen', async () => {
    const { hash } = await engine.request('file.write', { path: 'sub/a.flow.json', text: 'one', expected: null })
    const writers = ['two', 'three', 'four'].map((text) =>
      codeOf(engine.request('file.write', { path: 'sub/a.flow.json', text, expected: hash })),
    )
    expect((await Promise.all(writers)).sort()).toEqual(['done', 'file-conflict', 'file-conflict'])
    expect(await codeOf(engine.request('file.write', { path: 'sub/a.flow.json', text: 'x', expected: null }))).toBe(
      'file-conflict',
    )
    expect(await readdir(join(root, 'sub'))).toEqual(['a.flow.json'])
  })
})

describe('drafts, settings and secrets', () => {
  it('keeps the last edit of every flow over a restart', async () => {
    await engine.request('draft.save', { path: 'a.flow.json', text: 'one', label: 'first', base: null })
    await engine.request('draft.save', { path: './a.flow.json', text: 'two', label: 'second', base: null })
    const again = await engine.reopen()
    expect((await again.request('draft.load', { path: 'a.flow.json' })).draft).toMatchObject({
      text: 'two',
      label: 'second',
      base: null,
    })
    expect((await again.request('draft.list', {})).drafts).toHaveLength(1)
    await again.request('draft.drop', { path: 'a.flow.json' })
    expect(await again.request('draft.load', { path: 'a.flow.json' })).toEqual({ draft: null })
  })

  it('keeps all of it where only its owner reads', async () => {
    await engine.request('secret.set', { name: 'openai', value: 'k-canary-5d2f', hosts: ['api.openai.com'] })
    await engine.request('settings.set', { settings: { theme: 'dark' } })
    await engine.request('draft.save', { path: 'a.flow.json', text: 'one', label: 'first', base: null })
    expect((await stat(engine.workspace.data)).mode & 0o777).toBe(0o700)
    for (const name of ['secrets.json', 'settings.json'])
      expect((await stat(join(engine.workspace.data, name))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(engine.workspace.data, '.gitignore'), 'utf8')).toBe('*\n')
  })

  it('never gives a secret back', async () => {
    await engine.request('secret.set', { name: 'openai', value: 'k-canary-5d2f', hosts: ['api.openai.com'] })
    const answers = [
      await engine.request('secret.list', {}),
      await engine.request('settings.get', {}),
      await engine.send({ id: 1, method: 'secret.get', params: { name: 'openai' } }),
    ]
    expect(JSON.stringify([answers, engine.notifications])).not.toContain('k-canary-5d2f')
    expect(answers[0]).toEqual({ secrets: [{ name: 'openai', hosts: ['api.openai.com'] }], store: 'file' })
  })

  it('refuses settings that do not fit, and keeps a damaged file as it is', async () => {
    expect(await codeOf(engine.request('settings.set', { settings: { theme: 'pink' } }))).toBe('bad-settings')
    await engine.request('settings.set', { settings: { theme: 'dark', mine: 1 } })
    expect(
      (await engine.request('settings.set', { settings: { proxy: 'http://127.0.0.1:1' } })).settings,
    ).toMatchObject({ theme: 'dark', mine: 1 })
    await writeFile(join(engine.workspace.data, 'settings.json'), '{"theme":')
    expect(await codeOf(engine.request('settings.get', {}))).toBe('settings-damaged')
    expect(await codeOf(engine.request('settings.set', { settings: { theme: 'light' } }))).toBe('settings-damaged')
    expect(await readFile(join(engine.workspace.data, 'settings.json'), 'utf8')).toBe('{"theme":')
  })
})

describe('messages', () => {
  it.each([
    ['an unknown request', { id: 1, method: 'nope', params: {} }, 'unknown-request'],
    ['a name from the prototype', { id: 1, method: 'constructor', params: {} }, 'unknown-request'],
    ['parameters of the wrong type', { id: 1, method: 'file.read', params: { path: 5 } }, 'bad-params'],
    ['no parameters', { id: 1, method: 'file.read' }, 'bad-params'],
    ['another protocol', { id: 1, method: 'engine.hello', params: { protocol: 99 } }, 'protocol-mismatch'],
  ])('are answered with an error: %s', async (_name, message, code) => {
    expect(await engine.send(message)).toMatchObject({ id: 1, error: { code } })
  })

  it.each([[undefined], [null], [7], ['text'], [[]], [{}], [{ id: 'x', method: 'file.read' }]])(
    'that are none get no answer: %j',
    async (message) => {
      expect(await engine.send(message)).toBeUndefined()
    },
  )
})
