import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFilesService } from '../../engine/services/filesService.ts'
import { executorCall } from '../../tests/support/executorCall.ts'
import { memoryBlobs } from '../../tests/support/memoryBlobs.ts'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

let workspace: TempFolder
beforeEach(async () => {
  workspace = await tempFolder({ 'b.md': 'bb', 'a.md': 'a', 'sub/c.md': 'c', 'x.txt': '' })
})
afterEach(() => workspace.remove())

async function list(data: Record<string, unknown>) {
  const files = createFilesService({ folders: { workspace: workspace.path }, blobs: memoryBlobs() })
  return (await execute(executorCall(data, { services: { files } }))).output
}

it('lists files by pattern, sorted by path', async () => {
  expect(await list({ dir: '.', glob: '*.md' })).toEqual({
    files: [
      { path: 'a.md', name: 'a.md', size: 1, modifiedAt: expect.any(String) as unknown },
      { path: 'b.md', name: 'b.md', size: 2, modifiedAt: expect.any(String) as unknown },
    ],
  })
})

it('lists everything in the workspace unless told', async () => {
  const output = (await list(spec.data.parse({}))) as { files: { path: string }[] }
  expect(output.files.map(({ path }) => path)).toEqual(['a.md', 'b.md', 'sub/c.md', 'x.txt'])
})

it('names a folder that is not there', async () => {
  await expect(list({ dir: 'none', glob: '*' })).rejects.toMatchObject({ code: 'file-not-found' })
})
