import { readdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tempFolder } from '../../tests/support/tempFolder.ts'
import { holdFolder } from './heldFolder.ts'

it('makes the folders that are missing', async () => {
  await using root = await tempFolder()
  await holdFolder(root.path, root.at('a/b/c'), (path) => writeFile(join(path, 'x'), ''))
  expect(await readdir(root.at('a/b/c'))).toEqual(['x'])
})

it('refuses a step that became a link, and a step that is a file', async () => {
  await using outside = await tempFolder()
  await using root = await tempFolder({ file: '' })
  await symlink(outside.path, root.at('sub'))
  const write = (path: string): Promise<void> => writeFile(join(path, 'x'), '')
  await expect(holdFolder(root.path, root.at('sub/deep'), write)).rejects.toMatchObject({ code: 'file-outside' })
  await expect(holdFolder(root.path, root.at('file/deep'), write)).rejects.toMatchObject({ code: 'ENOTDIR' })
  expect(await readdir(outside.path)).toEqual([])
})

it.runIf(process.platform === 'linux')('stays in the folder it opened when its name leads elsewhere', async () => {
  await using outside = await tempFolder()
  await using root = await tempFolder({ 'sub/a': '' })
  await holdFolder(root.path, root.at('sub'), async (path) => {
    await rename(root.at('sub'), root.at('moved'))
    await symlink(outside.path, root.at('sub'))
    await writeFile(join(path, 'x'), '')
  })
  expect([await readdir(root.at('moved')), await readdir(outside.path)]).toEqual([['a', 'x'], []])
})
