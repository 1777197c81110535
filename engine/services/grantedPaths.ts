import { constants } from 'node:fs'
import { lstat, open, realpath, type FileHandle } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { NodeFailure } from '../../model/failure.ts'
import { dataFolderName } from '../workspace/workspaceFolder.ts'

/** Folders whose files a run may use. Both are real paths. */
export interface GrantedFolders {
  /** Read and written. */
  readonly workspace: string
  /** The flow's own folder, read only; absent where it lies in the workspace's root. */
  readonly flowFolder?: string
}

/** A path inside a granted folder, every symbolic link on the way resolved. */
export interface GrantedPath {
  readonly real: string
  /** Relative to the folder it was found in, with `/`. */
  readonly shown: string
}

/**
 * Finds what a path of a flow means for reading: in the workspace first, then beside the flow, so that a flow brings
 * its data along wherever its folder lies. Fails as `file-outside` and `file-not-found`.
 */
export async function findGranted(folders: GrantedFolders, path: string): Promise<GrantedPath> {
  const roots = folders.flowFolder === undefined ? [folders.workspace] : [folders.workspace, folders.flowFolder]
  let refusal: NodeFailure | undefined
  for (const root of roots) {
    const real = await realOrMissing(resolve(root, checked(path)))
    if (real === undefined) continue
    const home = roots.find((granted) => isInside(granted, real))
    if (home !== undefined) return { real: withoutOwnData(home, real, path), shown: shownPath(home, real) }
    refusal = outside(path)
  }
  const isReachable = roots.some((root) => isInside(root, resolve(root, path)))
  throw (
    refusal ??
    (isReachable ? new NodeFailure('file-not-found', `There is no file or folder "${path}".`) : outside(path))
  )
}

/**
 * Where a path of a flow is written: in the workspace, whatever exists of it being free of links that lead out.
 * Fails as `file-outside`.
 */
export async function placeInWorkspace({ workspace }: GrantedFolders, path: string): Promise<GrantedPath> {
  const real = await realWithMissing(resolve(workspace, checked(path)))
  if (real === workspace || !isInside(workspace, real)) throw outside(path)
  return { real: withoutOwnData(workspace, real, path), shown: shownPath(workspace, real) }
}

/** Flags of every opening: no link at the end of the path, no waiting for the other end of a pipe. Windows has neither. */
export const openGuards = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Opens a path that was granted, and makes sure that what was opened is what was granted: no link at its end, and no
 * folder swapped for a link between the check and the opening.
 */
export async function openGranted({ real, shown }: GrantedPath, flags: number): Promise<FileHandle> {
  const handle = await open(real, flags | openGuards, 0o644).catch((error: unknown) => {
    throw fileFailure(error, shown)
  })
  try {
    const [opened, named, again] = [await handle.stat(), await lstat(real), await realpath(real)]
    if (!opened.isFile())
      throw new NodeFailure('file-not-regular', `"${shown}" is not a file that can be read or written.`)
    if (again !== real || opened.ino !== named.ino || opened.dev !== named.dev) throw outside(shown)
    return handle
  } catch (error) {
    await handle.close()
    throw fileFailure(error, shown)
  }
}

/** What the system says, as a failure with a sentence; failures and bugs pass through. */
export function fileFailure(error: unknown, path: string): unknown {
  if (error instanceof NodeFailure || !(error instanceof Error) || !('code' in error)) return error
  const found = systemFailures[String(error.code)]
  if (found) return new NodeFailure(found[0], `"${path}" ${found[1]}`, { cause: error })
  return new NodeFailure('file-failed', `"${path}" could not be used: ${error.message}`, { cause: error })
}

const systemFailures: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
  EACCES: ['file-denied', 'may not be opened by this user.'],
  EPERM: ['file-denied', 'may not be opened by this user.'],
  EROFS: ['file-denied', 'lies on a medium that cannot be written.'],
  ENOENT: ['file-not-found', 'does not exist.'],
  ENOTDIR: ['file-not-found', 'does not exist: a part of its path is a file.'],
  EISDIR: ['file-not-regular', 'is a folder.'],
  ENXIO: ['file-not-regular', 'is not a file that can be read or written.'],
  EEXIST: ['file-exists', 'exists already. Choose another name, or the mode “overwrite”.'],
  ELOOP: ['file-outside', 'is a link that leads in circles, or was changed meanwhile.'],
  ENAMETOOLONG: ['file-not-found', 'is too long a path.'],
  ENOSPC: ['file-disk-full', 'could not be written: the disk is full.'],
}

function checked(path: string): string {
  if (path === '' || path.includes('\0'))
    throw new NodeFailure('bad-setting', 'Setting "path" is empty or holds a character that no path may hold.')
  return path
}

function outside(path: string): NodeFailure {
  return new NodeFailure('file-outside', `"${path}" lies outside the workspace.`)
}

/** Switchyard's own data may lie in any folder that is a workspace; names are compared without case, as some disks do. */
function withoutOwnData(root: string, real: string, path: string): string {
  const parts = relative(root, real).split(sep)
  if (!parts.some((part) => part.toLowerCase() === dataFolderName)) return real
  throw new NodeFailure('file-outside', `"${path}" lies in Switchyard's own data, which flows cannot use.`)
}

function shownPath(root: string, real: string): string {
  return relative(root, real).split(sep).join('/') || '.'
}

export function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

async function realOrMissing(path: string): Promise<string | undefined> {
  return realpath(path).catch((error: unknown) => {
    const failure = fileFailure(error, path)
    if (failure instanceof NodeFailure && failure.code === 'file-not-found') return undefined
    throw failure
  })
}

/** The real path of what exists, and the rest as it is. A link that leads nowhere counts as what it leads to. */
async function realWithMissing(path: string): Promise<string> {
  const real = await realOrMissing(path)
  if (real !== undefined) return real
  const isDanglingLink = await lstat(path).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  )
  if (isDanglingLink) throw new NodeFailure('file-outside', `"${path}" is a link that leads nowhere.`)
  const parent = dirname(path)
  return parent === path ? path : join(await realWithMissing(parent), path.slice(parent.length))
}
