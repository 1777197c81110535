import { chmod, mkdir, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { NodeFailure } from '../../model/failure.ts'
import { refuseLink } from '../store/refuseLink.ts'
import { messageOf, systemCode } from './systemError.ts'

/** Name of the folder that holds Switchyard's own data of a workspace. */
export const dataFolderName = '.switchyard'

/** A folder that holds flows, and Switchyard's own data beside them. */
export interface WorkspaceFolder {
  /** Real, absolute path: every symlink on the way is resolved. */
  readonly root: string
  /** `<root>/.switchyard`: runs, drafts, trust, settings. Never reachable through {@link insidePath}. */
  readonly data: string
}

/** Opens an existing folder as a workspace. Creates nothing. Fails as `workspace-missing`. */
export async function openWorkspace(folder: string): Promise<WorkspaceFolder> {
  const root = await realpath(resolve(folder)).catch(() => undefined)
  const entry = root === undefined ? undefined : await stat(root).catch(() => undefined)
  if (root === undefined || !entry?.isDirectory()) {
    throw new NodeFailure('workspace-missing', `The workspace folder "${folder}" does not exist or is not a folder.`)
  }
  return { root, data: join(root, dataFolderName) }
}

/** Makes the data folder, owner-only, kept out of git. Fails as `workspace-unwritable`, also where a symlink stands there. */
export async function ensureDataFolder(workspace: WorkspaceFolder): Promise<void> {
  refuseLink(workspace.data)
  try {
    const created = await mkdir(workspace.data, { recursive: true, mode: 0o700 })
    if (created === undefined) return
    await chmod(workspace.data, 0o700)
    await writeFile(join(workspace.data, '.gitignore'), '*\n')
  } catch (error) {
    throw new NodeFailure('workspace-unwritable', `The folder "${workspace.data}" cannot be made: ${messageOf(error)}`)
  }
}

/**
 * The real path of a workspace-relative path, which need not exist yet. Fails as `file-outside` where it leads out of
 * the workspace, by `..` or by a symlink, and as `file-refused` where it leads into Switchyard's own data.
 */
export async function insidePath(workspace: WorkspaceFolder, path: string): Promise<string> {
  if (path.includes('\0')) throw outside(path)
  const wanted = resolve(workspace.root, path)
  if (!isInside(workspace.root, wanted)) throw outside(path)
  const real = await realAncestor(wanted)
  if (!isInside(workspace.root, real)) throw outside(path)
  if (isInside(workspace.data, real)) {
    throw new NodeFailure('file-refused', `"${path}" lies in Switchyard's own data and cannot be used as a file.`)
  }
  return real
}

/** Workspace-relative path with `/`; undefined for a path outside. */
export function relativePath(workspace: WorkspaceFolder, absolute: string): string | undefined {
  return isInside(workspace.root, absolute) ? relative(workspace.root, absolute).split(sep).join('/') : undefined
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** Resolves symlinks of the part that exists and appends the rest. */
async function realAncestor(path: string): Promise<string> {
  const real = await realpath(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new NodeFailure('file-unreadable', `"${path}" cannot be reached: ${messageOf(error)}`)
  })
  if (real !== undefined) return real
  const parent = dirname(path)
  if (parent === path) return path
  return join(await realAncestor(parent), path.slice(parent.length))
}

function outside(path: string): NodeFailure {
  return new NodeFailure('file-outside', `"${path}" lies outside the workspace folder.`)
}
