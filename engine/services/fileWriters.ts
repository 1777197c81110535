import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { link, lstat, open, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { NodeFailure } from '../../model/failure.ts'
import { writeAtomically } from '../workspace/atomicWrite.ts'
import { openGuards } from './grantedPaths.ts'

/**
 * The ways to write a file; each gives the file's size in bytes. The file's folder exists and is held. What stands at
 * the path must be a file or nothing. Overwriting and creating are whole or not at all; an append may be cut by a crash.
 */
export const fileWriters = {
  async overwrite(path: string, bytes: Uint8Array): Promise<number> {
    const entry = await lstat(path).catch(() => undefined)
    if (entry && !entry.isFile()) throw notRegular()
    await writeAtomically(path, bytes)
    return bytes.length
  },

  async create(path: string, bytes: Uint8Array): Promise<number> {
    const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
    try {
      await writeNew(temporary, bytes)
      // A link, other than a rename, fails where the name is taken.
      await link(temporary, path)
    } finally {
      await rm(temporary, { force: true })
    }
    return bytes.length
  },

  async append(path: string, bytes: Uint8Array): Promise<number> {
    const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | openGuards, 0o644)
    try {
      if (!(await handle.stat()).isFile()) throw notRegular()
      await handle.appendFile(bytes)
      await handle.sync()
      return (await handle.stat()).size
    } finally {
      await handle.close()
    }
  },
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o644)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function notRegular(): NodeFailure {
  return new NodeFailure('file-not-regular', 'What stands there is a folder, or no file that can be written.')
}
