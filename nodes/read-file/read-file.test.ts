import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFilesService } from '../../engine/services/filesService.ts'
import { executorCall } from '../../tests/support/executorCall.ts'
import { memoryBlobs } from '../../tests/support/memoryBlobs.ts'
import { tempFolder, type TempFolder } from '../../tests/support/tempFolder.ts'
import { execute } from './execute.ts'

let workspace: TempFolder
beforeEach(async () => {
  workspace = await tempFolder({
    'a.json': '{"n": [1]}',
    'lines.txt': 'one\r\ntwo\n\nfour\n',
    'empty.txt': '',
    'b.png': Uint8Array.of(0, 255, 16),
  })
})
afterEach(() => workspace.remove())

async function read(path: unknown, as?: unknown) {
  const files = createFilesService({ folders: { workspace: workspace.path }, blobs: memoryBlobs() })
  const { output } = await execute(executorCall({ path, as }, { services: { files } }))
  return output
}

describe('read-file', () => {
  it('reads text unless told otherwise', async () => {
    expect(await read('a.json')).toEqual({ path: 'a.json', content: '{"n": [1]}', size: 10 })
  })

  it('reads JSON, lines and Base64', async () => {
    expect(await read('a.json', 'json')).toMatchObject({ content: { n: [1] } })
    expect(await read('lines.txt', 'lines')).toMatchObject({ content: ['one', 'two', '', 'four'] })
    expect(await read('empty.txt', 'lines')).toMatchObject({ content: [], size: 0 })
    expect(await read('b.png', 'base64')).toMatchObject({ content: 'AP8Q' })
  })

  it('keeps a file as a blob with its media type', async () => {
    expect(await read('b.png', 'blob')).toMatchObject({
      content: { $blob: expect.any(String) as unknown, mime: 'image/png', name: 'b.png', size: 3 },
    })
  })

  it('does not garble bytes that are no text', async () => {
    await expect(read('b.png')).rejects.toMatchObject({ code: 'file-not-text' })
    await expect(read('b.png', 'lines')).rejects.toMatchObject({ code: 'file-not-text' })
  })

  it('says why a file is no JSON', async () => {
    await expect(read('lines.txt', 'json')).rejects.toMatchObject({
      code: 'file-bad-json',
      message: expect.stringContaining('lines.txt') as unknown,
    })
  })

  it('names the setting that evaluated to nothing', async () => {
    await expect(read(null)).rejects.toMatchObject({ code: 'bad-setting', details: { field: 'data.path' } })
    await expect(read('a.json', 'yaml')).rejects.toMatchObject({ code: 'bad-setting', details: { field: 'data.as' } })
  })
})
