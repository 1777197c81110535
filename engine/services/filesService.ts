import { constants } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import picomatch from 'picomatch'
import { NodeFailure } from '../../model/failure.ts'
import type { FileEntry, FilesService } from '../sdk/services.ts'
import { dataFolderName } from '../workspace/workspaceFolder.ts'
import { type BlobPort, keepBlob, readBlob } from './blobPort.ts'
import { fileWriters } from './fileWriters.ts'
import {
  fileFailure,
  findGranted,
  type GrantedFolders,
  type GrantedPath,
  openGranted,
  placeInWorkspace,
} from './grantedPaths.ts'
import { holdFolder } from './heldFolder.ts'

export interface FilesServiceOptions {
  readonly folders: GrantedFolders
  readonly blobs: BlobPort
  /** Bytes that are read at once; {@link defaultMaxFile} where absent. */
  readonly maxFileBytes?: number
  /** Entries that one listing looks at; {@link defaultMaxEntries} where absent. */
  readonly maxEntries?: number
}

export const defaultMaxFile = 64 * 1024 * 1024
export const defaultMaxEntries = 200_000

/** Files of the granted folders. */
export function createFilesService(options: FilesServiceOptions): FilesService {
  const { folders, blobs } = options
  return {
    async read(path, signal) {
      signal.throwIfAborted()
      const granted = await findGranted(folders, path)
      return { path: granted.shown, bytes: await readGranted(granted, options.maxFileBytes ?? defaultMaxFile, signal) }
    },
    async write(path, bytes, mode, signal) {
      signal.throwIfAborted()
      const granted = await placeInWorkspace(folders, path)
      try {
        const size = await holdFolder(folders.workspace, dirname(granted.real), (folder) =>
          fileWriters[mode](join(folder, basename(granted.real)), bytes),
        )
        return { path: granted.shown, size }
      } catch (error) {
        throw fileFailure(error, granted.shown)
      }
    },
    async list(dir, glob, signal) {
      signal.throwIfAborted()
      const granted = await findGranted(folders, dir)
      const matches = matcherOf(glob)
      const found: FileEntry[] = []
      await walk(granted, { matches, found, signal, left: options.maxEntries ?? defaultMaxEntries })
      return found.sort((a, b) => (a.path < b.path ? -1 : 1))
    },
    toBlob: async (bytes, mime, name) => keepBlob(blobs, bytes, mime, name),
    fromBlob: async (ref) => readBlob(blobs, ref),
  }
}

async function readGranted(granted: GrantedPath, cap: number, signal: AbortSignal): Promise<Uint8Array> {
  const handle = await openGranted(granted, constants.O_RDONLY)
  try {
    const { size } = await handle.stat()
    if (size > cap) {
      const limit = Math.round(cap / 1024 / 1024)
      throw new NodeFailure(
        'file-too-large',
        `"${granted.shown}" is larger than ${limit} MB, the most that is read at once.`,
      )
    }
    return await handle.readFile({ signal })
  } catch (error) {
    signal.throwIfAborted()
    throw fileFailure(error, granted.shown)
  } finally {
    await handle.close()
  }
}

/** A folder may have been swapped for a link since the path was granted. */
async function assertReal({ real, shown }: GrantedPath): Promise<void> {
  if ((await realpath(real)) !== real)
    throw new NodeFailure('file-outside', `"${shown}" lies behind a link that was changed meanwhile.`)
}

interface Walk {
  readonly matches: (path: string) => boolean
  readonly found: FileEntry[]
  readonly signal: AbortSignal
  left: number
}

/** Walks without following links, so that a listing can neither leave its folder nor go in circles. */
async function walk(folder: GrantedPath, search: Walk, below = ''): Promise<void> {
  search.signal.throwIfAborted()
  const entries = await readdir(folder.real, { withFileTypes: true }).catch((error: unknown) => {
    throw fileFailure(error, folder.shown)
  })
  await assertReal(folder)
  search.left -= entries.length
  if (search.left < 0)
    throw new NodeFailure(
      'file-too-many',
      `"${folder.shown}" holds too many files to list. Name a folder further down.`,
    )
  for (const entry of entries) {
    const path = `${below}${entry.name}`
    const inside = {
      real: join(folder.real, entry.name),
      shown: folder.shown === '.' ? entry.name : `${folder.shown}/${entry.name}`,
    }
    if (entry.isDirectory() && entry.name.toLowerCase() !== dataFolderName) await walk(inside, search, `${path}/`)
    else if (entry.isFile() && search.matches(path)) search.found.push(await describe(inside, entry.name))
  }
}

async function describe({ real, shown }: GrantedPath, name: string): Promise<FileEntry> {
  const { size, mtime } = await stat(real).catch((error: unknown) => {
    throw fileFailure(error, shown)
  })
  return { path: shown, name, size, modifiedAt: mtime.toISOString() }
}

function matcherOf(glob: string): (path: string) => boolean {
  const pattern = glob.trim().replace(/^\.\//, '')
  if (pattern === '' || pattern.length > 1000)
    throw new NodeFailure('bad-setting', 'Setting "glob" must be a pattern such as **/*.md.', {
      details: { field: 'data.glob' },
    })
  return picomatch(pattern)
}
