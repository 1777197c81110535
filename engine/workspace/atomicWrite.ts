import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Replaces a file's content as a whole: readers see the old text or the new one, also after a power loss. Keeps the
 * mode of a file that exists; makes missing folders.
 */
export async function writeAtomically(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await writeDurably(temporary, content, mode ?? (await modeOf(path)))
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(folder)
}

async function writeDurably(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function modeOf(path: string): Promise<number> {
  const entry = await stat(path).catch(() => undefined)
  return entry ? entry.mode & 0o777 : 0o644
}

/** Windows cannot open folders; there the rename is as durable as it gets. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
