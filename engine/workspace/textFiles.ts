import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, type FileHandle } from 'node:fs/promises'
import { NodeFailure } from '../../model/failure.ts'
import { writeAtomically } from './atomicWrite.ts'
import { messageOf, systemCode } from './systemError.ts'
import { KeyedQueue } from './keyedQueue.ts'
import { insidePath, type WorkspaceFolder } from './workspaceFolder.ts'

/** Largest text read as a document, in bytes. */
export const maxTextBytes = 64 * 1024 * 1024

export interface TextFile {
  readonly text: string
  /** SHA-256 of the bytes, hex. */
  readonly hash: string
}

export function hashText(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Reads a text of the workspace. Fails as `file-missing`, `file-unreadable`, `file-too-large`, `file-not-text`, `file-outside`. */
export async function readTextFile(workspace: WorkspaceFolder, path: string): Promise<TextFile> {
  return readTextAt(await insidePath(workspace, path), path)
}

/** As {@link readTextFile}, but undefined where there is no such file. */
export async function readTextFileIfAny(workspace: WorkspaceFolder, path: string): Promise<TextFile | undefined> {
  return readTextFile(workspace, path).catch((error: unknown) => {
    if (error instanceof NodeFailure && error.code === 'file-missing') return undefined
    throw error
  })
}

/** Reads a text at a real path; `shown` is the path as the person knows it. */
export async function readTextAt(real: string, shown: string): Promise<TextFile> {
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw openFailure(shown, error)
    },
  )
  try {
    await checkOpened(handle, real, shown)
    const bytes = await handle.readFile().catch((error: unknown) => {
      throw openFailure(shown, error)
    })
    return { text: decode(bytes, shown), hash: hashText(bytes) }
  } finally {
    await handle.close()
  }
}

const writes = new KeyedQueue()

/**
 * Writes a text if the file still holds what the writer has seen. `expected` is its hash, null for a new file. Fails as
 * `file-conflict` (details: `{hash}` of what is there now, null for nothing), `file-outside`, `file-unwritable`.
 */
export async function writeTextFile(
  workspace: WorkspaceFolder,
  path: string,
  text: string,
  expected: string | null,
): Promise<{ hash: string }> {
  const real = await insidePath(workspace, path)
  return writes.run(real, async () => {
    const now = (await readTextFileIfAny(workspace, path))?.hash ?? null
    if (now !== expected) throw conflict(path, now)
    await writeAtomically(real, text).catch((error: unknown) => {
      throw new NodeFailure('file-unwritable', `"${path}" cannot be written: ${messageOf(error)}`)
    })
    return { hash: hashText(text) }
  })
}

/** Refuses what is no plain file, what is too large, and a path that was swapped between check and open. */
async function checkOpened(handle: FileHandle, real: string, shown: string): Promise<void> {
  const [opened, named] = await Promise.all([handle.stat(), lstat(real)])
  if (opened.isDirectory()) throw new NodeFailure('file-unreadable', `"${shown}" is a folder, not a file.`)
  if (!opened.isFile() || opened.ino !== named.ino)
    throw new NodeFailure('file-unreadable', `"${shown}" is not a plain file.`)
  if (opened.size > maxTextBytes) {
    throw new NodeFailure('file-too-large', `"${shown}" has ${opened.size} bytes; at most ${maxTextBytes} are read.`)
  }
}

function decode(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new NodeFailure('file-not-text', `"${shown}" is not UTF-8 text.`, { cause })
  }
}

function openFailure(shown: string, error: unknown): NodeFailure {
  const code = systemCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return new NodeFailure('file-missing', `There is no file "${shown}".`)
  if (code === 'EISDIR') return new NodeFailure('file-unreadable', `"${shown}" is a folder, not a file.`)
  if (code === 'EACCES') return new NodeFailure('file-unreadable', `"${shown}" may not be read by this user.`)
  return new NodeFailure('file-unreadable', `"${shown}" cannot be read: ${messageOf(error)}`)
}

function conflict(path: string, hash: string | null): NodeFailure {
  const message =
    hash === null ? `"${path}" was removed meanwhile.` : `"${path}" was changed by someone else meanwhile.`
  return new NodeFailure('file-conflict', message, { details: { hash } })
}
