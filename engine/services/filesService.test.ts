import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NodeFailure } from '../../model/failure.ts'
import { memoryBlobs } from '../../tests/support/memoryBlobs.ts'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import type { FilesService } from '../sdk/services.ts'
import { createFilesService } from './filesService.ts'
import { openGranted } from './grantedPaths.ts'

const calm = new AbortController().signal
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (content: Uint8Array): string => Buffer.from(content).toString()

let outside: TempFolder
let workspace: TempFolder
let flow: TempFolder
let files: FilesService

beforeEach(async () => {
  outside = await tempFolder({ 'secret.txt': 'secret' })
  workspace = await tempFolder({
    'a.txt': 'in workspace',
    'sub/b.md': 'b',
    'sub/deep/c.md': 'c',
    '.hidden/d.md': 'd',
    '.switchyard/runs.db': 'own',
  })
  flow = await tempFolder({ 'a.txt': 'beside flow', 'data/orders.csv': 'id\n1\n', '.switchyard/x': 'own' })
  files = createFilesService({ folders: { workspace: workspace.path, flowFolder: flow.path }, blobs: memoryBlobs() })
})

afterEach(async () => {
  await Promise.all([outside, workspace, flow].map((folder) => folder.remove()))
})

describe('reading', () => {
  it('looks in the workspace first, then beside the flow', async () => {
    expect(text((await files.read('a.txt', calm)).bytes)).toBe('in workspace')
    const found = await files.read('./data/../data/orders.csv', calm)
    expect([found.path, text(found.bytes)]).toEqual(['data/orders.csv', 'id\n1\n'])
  })

  it('gives paths relative to the workspace for a flow inside it', async () => {
    const inside = createFilesService({
      folders: { workspace: workspace.path, flowFolder: workspace.at('sub') },
      blobs: memoryBlobs(),
    })
    expect((await inside.read('deep/c.md', calm)).path).toBe('sub/deep/c.md')
  })

  it.each([
    '../secret.txt',
    '/etc/passwd',
    'sub/../../x',
    'sub/../../../etc/passwd',
    '.switchyard/runs.db',
    'sub/../.switchyard/runs.db',
    '.SWITCHYARD/runs.db',
  ])('does not reach %s', async (path) => {
    const failure = await files.read(path, calm).catch((error: unknown) => error)
    expect(['file-outside', 'file-not-found']).toContain((failure as { code: string }).code)
  })

  it('follows no link out of the granted folders, and links inside them', async () => {
    await symlink(outside.at('secret.txt'), workspace.at('leak.txt'))
    await symlink(outside.path, workspace.at('leaks'))
    await symlink(workspace.at('a.txt'), workspace.at('fine.txt'))
    await symlink(workspace.at('.switchyard'), workspace.at('own'))
    await expect(files.read('leak.txt', calm)).rejects.toMatchObject({ code: 'file-outside' })
    await expect(files.read('leaks/secret.txt', calm)).rejects.toMatchObject({ code: 'file-outside' })
    await expect(files.read('own/runs.db', calm)).rejects.toMatchObject({ code: 'file-outside' })
    expect(text((await files.read('fine.txt', calm)).bytes)).toBe('in workspace')
  })

  it('notices a folder that was swapped for a link between check and opening', async () => {
    const granted = { real: workspace.at('sub/b.md'), shown: 'sub/b.md' }
    await rename(workspace.at('sub'), workspace.at('moved'))
    await writeFile(outside.at('b.md'), 'not yours')
    await symlink(outside.path, workspace.at('sub'))
    await expect(openGranted(granted, 0)).rejects.toMatchObject({ code: 'file-outside' })
  })

  it('gives nothing of others away, whatever the path', async () => {
    await symlink(outside.path, workspace.at('leaks'))
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'sub',
      'deep',
      'leaks',
      'a.txt',
      'secret.txt',
      '.switchyard',
      '.Switchyard',
      'runs.db',
      'x',
      '~',
      '%2e%2e',
      '..\\',
      '\0',
      outside.path,
      'data',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), fc.boolean(), async (parts, isAbsolute) => {
        const path = `${isAbsolute ? '/' : ''}${parts.join('/')}`
        const found = await files.read(path, calm).catch((error: unknown) => error)
        if (found instanceof NodeFailure) return
        expect(found, path).toHaveProperty('bytes')
        expect(['in workspace', 'beside flow', 'id\n1\n', 'b', 'c']).toContain(
          text((found as { bytes: Uint8Array }).bytes),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('is not fooled by a folder that changes places with a link all the time', async () => {
    await writeFile(outside.at('b.md'), 'secret')
    await symlink(outside.path, workspace.at('link'))
    const swap = async (): Promise<void> => {
      await rename(workspace.at('sub'), workspace.at('kept'))
      await rename(workspace.at('link'), workspace.at('sub'))
      await rename(workspace.at('sub'), workspace.at('link'))
      await rename(workspace.at('kept'), workspace.at('sub'))
    }
    const readOnce = async (): Promise<unknown> =>
      files.read('sub/b.md', calm).then(
        (found) => text(found.bytes),
        (error: unknown) => error,
      )
    for (let round = 0; round < 300; round += 1) {
      const [found] = await Promise.all([readOnce(), swap()])
      if (!(found instanceof NodeFailure)) expect(found).toBe('b')
    }
    expect(await readOnce()).toBe('b')
  })

  it('names what is missing, a folder, a pipe, or too large', async () => {
    await expect(files.read('none.txt', calm)).rejects.toMatchObject({ code: 'file-not-found' })
    await expect(files.read('sub', calm)).rejects.toMatchObject({ code: 'file-not-regular' })
    execFileSync('mkfifo', [workspace.at('pipe')])
    await expect(files.read('pipe', calm)).rejects.toMatchObject({ code: 'file-not-regular' })
    const small = createFilesService({ folders: { workspace: workspace.path }, blobs: memoryBlobs(), maxFileBytes: 3 })
    await expect(small.read('a.txt', calm)).rejects.toMatchObject({ code: 'file-too-large' })
  })
})

describe('writing', () => {
  it('replaces a file as a whole, keeps its mode, and makes missing folders', async () => {
    await writeFile(workspace.at('run.sh'), 'old', { mode: 0o755 })
    expect(await files.write('run.sh', bytes('new'), 'overwrite', calm)).toEqual({ path: 'run.sh', size: 3 })
    expect((await stat(workspace.at('run.sh'))).mode & 0o777).toBe(0o755)
    expect(await files.write('out/x/y.txt', bytes('deep'), 'overwrite', calm)).toEqual({ path: 'out/x/y.txt', size: 4 })
    expect(await readdir(workspace.at('out/x'))).toEqual(['y.txt'])
  })

  it('creates only what is not there, and leaves nothing behind when it is', async () => {
    await files.write('new.txt', bytes('1'), 'create', calm)
    await expect(files.write('new.txt', bytes('2'), 'create', calm)).rejects.toMatchObject({ code: 'file-exists' })
    expect(await readFile(workspace.at('new.txt'), 'utf8')).toBe('1')
    expect((await readdir(workspace.path)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('appends, and gives the size of the whole file', async () => {
    await files.write('log.txt', bytes('one\n'), 'append', calm)
    expect(await files.write('log.txt', bytes('two\n'), 'append', calm)).toEqual({ path: 'log.txt', size: 8 })
    expect(await readFile(workspace.at('log.txt'), 'utf8')).toBe('one\ntwo\n')
  })

  it.each(['create', 'overwrite', 'append'] as const)('writes nowhere but in the workspace (%s)', async (mode) => {
    await symlink(outside.at('secret.txt'), workspace.at('leak.txt'))
    await symlink(outside.path, workspace.at('leaks'))
    await symlink(outside.at('not-yet.txt'), workspace.at('dangling'))
    for (const path of [
      '../x.txt',
      flow.at('a.txt'),
      outside.at('x'),
      'leak.txt',
      'leaks/x.txt',
      'leaks/a/b.txt',
      'dangling',
      '.switchyard/runs.db',
      '.switchyard/new',
      '.',
    ]) {
      await expect(files.write(path, bytes('evil'), mode, calm), path).rejects.toMatchObject({ code: 'file-outside' })
    }
    expect(await readdir(outside.path)).toEqual(['secret.txt'])
    expect(await readFile(outside.at('secret.txt'), 'utf8')).toBe('secret')
    expect(await readFile(workspace.at('.switchyard/runs.db'), 'utf8')).toBe('own')
  })

  it.each(['create', 'overwrite', 'append'] as const)(
    'is not led outside by a folder that changes places with a link all the time (%s)',
    async (mode) => {
      await symlink(outside.path, workspace.at('link'))
      const swap = async (): Promise<void> => {
        await rename(workspace.at('sub'), workspace.at('kept'))
        await rename(workspace.at('link'), workspace.at('sub'))
        await rename(workspace.at('sub'), workspace.at('link'))
        await rename(workspace.at('kept'), workspace.at('sub'))
      }
      const outcomes = new Set<string>()
      for (let round = 0; round < 200; round += 1) {
        const write = files.write(`sub/new/${round}.txt`, bytes('x'), mode, calm)
        const [result] = await Promise.all([write.catch((error: unknown) => error), swap()])
        outcomes.add(result instanceof NodeFailure ? result.code : 'written')
      }
      expect(await readdir(outside.path)).toEqual(['secret.txt'])
      expect(
        [...outcomes].filter((outcome) => !['written', 'file-outside', 'file-not-found'].includes(outcome)),
      ).toEqual([])
    },
  )

  it('does not write over a folder', async () => {
    await expect(files.write('sub', bytes('x'), 'overwrite', calm)).rejects.toMatchObject({ code: 'file-not-regular' })
    await expect(files.write('a.txt/x', bytes('x'), 'overwrite', calm)).rejects.toMatchObject({
      code: expect.stringMatching(/^file-/) as unknown,
    })
  })
})

describe('listing', () => {
  const paths = async (dir: string, glob: string): Promise<string[]> =>
    (await files.list(dir, glob, calm)).map(({ path }) => path)

  it('lists files that fit, sorted, without dot files, links and own data', async () => {
    await symlink(workspace.at('a.txt'), workspace.at('link.md'))
    await mkdir(workspace.at('sub/circle'))
    await symlink(workspace.path, workspace.at('sub/circle/up'))
    expect(await paths('.', '**/*')).toEqual(['a.txt', 'sub/b.md', 'sub/deep/c.md'])
    expect(await paths('sub', '*.md')).toEqual(['sub/b.md'])
    expect(await paths('.', '**/{b,c}.md')).toEqual(['sub/b.md', 'sub/deep/c.md'])
    expect(await paths('.', '.hidden/*')).toEqual(['.hidden/d.md'])
    expect(await paths('.', '.switchyard/**')).toEqual([])
  })

  it('describes files, also of the flow’s folder', async () => {
    const [file] = await files.list('data', '*.csv', calm)
    expect(file).toMatchObject({
      path: 'data/orders.csv',
      name: 'orders.csv',
      size: 5,
      modifiedAt: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
    })
  })

  it('leaves the folder by no pattern', async () => {
    expect(await paths('sub', '../*')).toEqual([])
    expect(await paths('sub', `${outside.path}/*`)).toEqual([])
    await expect(files.list('..', '*', calm)).rejects.toMatchObject({ code: 'file-outside' })
    await expect(files.list('.', '', calm)).rejects.toMatchObject({ code: 'bad-setting' })
  })

  it('gives up on more entries than anyone wants to look at', async () => {
    const narrow = createFilesService({ folders: { workspace: workspace.path }, blobs: memoryBlobs(), maxEntries: 3 })
    await expect(narrow.list('.', '**/*', calm)).rejects.toMatchObject({ code: 'file-too-many' })
  })
})

it('does nothing once aborted', async () => {
  const reason = new Error('enough')
  const aborted = AbortSignal.abort(reason)
  await expect(files.read('a.txt', aborted)).rejects.toBe(reason)
  await expect(files.write('b.txt', bytes('x'), 'overwrite', aborted)).rejects.toBe(reason)
  await expect(files.list('.', '**/*', aborted)).rejects.toBe(reason)
})
