import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepBlob } from '../../engine/services/blobPort.ts'
import { createFilesService } from '../../engine/services/filesService.ts'
import { executorCall } from '../../tests/support/executorCall.ts'
import { memoryBlobs } from '../../tests/support/memoryBlobs.ts'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import { execute } from './execute.ts'
import { spec } from './spec.ts'

const blobs = memoryBlobs()
let workspace: TempFolder
beforeEach(async () => {
  workspace = await tempFolder()
})
afterEach(() => workspace.remove())

async function write(data: Record<string, unknown>) {
  const files = createFilesService({ folders: { workspace: workspace.path }, blobs })
  return (await execute(executorCall(data, { services: { files } }))).output
}
const written = (path: string): Promise<Buffer> => readFile(workspace.at(path))

describe('write-file', () => {
  it('writes text as it is and gives path and size in bytes', async () => {
    expect(await write({ path: 'out/a.txt', content: 'grün' })).toEqual({ path: 'out/a.txt', size: 5 })
    expect((await written('out/a.txt')).toString()).toBe('grün')
  })

  it('writes other values as JSON, nothing for null, bytes for blobs and Base64', async () => {
    await write({ path: 'a.json', content: { n: [1] } })
    expect((await written('a.json')).toString()).toBe('{\n  "n": [\n    1\n  ]\n}\n')
    await write({ path: 'n.txt', content: 42, mode: 'overwrite' })
    expect((await written('n.txt')).toString()).toBe('42')
    await write({ path: 'nothing', content: null })
    expect(await written('nothing')).toHaveLength(0)
    await write({ path: 'b.bin', content: { ...keepBlob(blobs, Uint8Array.of(0, 255), 'image/png') } })
    expect([...(await written('b.bin'))]).toEqual([0, 255])
    await write({ path: 'c.bin', content: 'AP8Q', encoding: 'base64' })
    expect([...(await written('c.bin'))]).toEqual([0, 255, 16])
  })

  it('replaces, appends or creates as told', async () => {
    await write({ path: 'a', content: '1', mode: 'create' })
    await write({ path: 'a', content: '2', mode: 'append' })
    expect((await written('a')).toString()).toBe('12')
    await write({ path: 'a', content: '3' })
    expect((await written('a')).toString()).toBe('3')
    await expect(write({ path: 'a', content: '4', mode: 'create' })).rejects.toMatchObject({ code: 'file-exists' })
  })

  it('may be repeated after a crash only where it replaces', () => {
    const isIdempotent = spec.idempotent as (data: Record<string, unknown>) => boolean
    expect(['overwrite', undefined, 'create', 'append'].map((mode) => isIdempotent({ mode }))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('refuses Base64 that is none, and a blob that is not kept', async () => {
    await expect(write({ path: 'a', content: 'no!', encoding: 'base64' })).rejects.toMatchObject({
      code: 'bad-setting',
      details: { field: 'data.content' },
    })
    await expect(write({ path: 'a', content: { $blob: 'f'.repeat(64), size: 1 } })).rejects.toMatchObject({
      code: 'blob-missing',
    })
  })
})
