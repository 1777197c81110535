import { constants, existsSync } from 'node:fs'
import { lstat, mkdir, open, realpath, type FileHandle } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { NodeFailure } from '../../model/failure.ts'

/** Where Linux shows open folders by their descriptor, so that a path can begin at one instead of at a name. */
const descriptors = '/proc/self/fd'
const canHold = process.platform === 'linux' && existsSync(descriptors)

/**
 * Makes a folder where it is missing and hands over a path to it that cannot be led elsewhere while it is used: on
 * Linux one that goes through the opened folder, step by step from the root without following a link; elsewhere the
 * folder's own, checked once. `folder` is real as far as it exists, and inside `root`. Fails as `file-outside` where a
 * part of it became a link.
 */
export async function holdFolder<T>(root: string, folder: string, use: (path: string) => Promise<T>): Promise<T> {
  if (!canHold) return useChecked(folder, use)
  const handle = await openStepwise(root, relative(root, folder).split(sep))
  try {
    return await use(`${descriptors}/${handle.fd}`)
  } finally {
    await handle.close()
  }
}

async function useChecked<T>(folder: string, use: (path: string) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true })
  if ((await realpath(folder)) !== folder) throw changed(folder)
  return use(folder)
}

async function openStepwise(root: string, steps: readonly string[]): Promise<FileHandle> {
  let handle = await openFolder(root)
  for (const step of steps) {
    if (step === '') continue
    const path = join(descriptors, String(handle.fd), step)
    try {
      const next = await openOrMake(path)
      await handle.close()
      handle = next
    } catch (error) {
      const failure = (await isLink(path)) ? changed(step) : error
      await handle.close()
      throw failure
    }
  }
  return handle
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await openFolder(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  await mkdir(path).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
  return openFolder(path)
}

function openFolder(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  )
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function changed(name: string): NodeFailure {
  return new NodeFailure('file-outside', `"${name}" became a link meanwhile, which may lead anywhere.`)
}
