import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkspaceFile } from '../../model/protocol.ts'
import { dataFolderName, type WorkspaceFolder } from './workspaceFolder.ts'

/** How a flow file's name ends. */
export const flowSuffix = '.flow.json'

/** Folders that never hold flows of the workspace. */
export const ignoredFolders = ['node_modules', '.git', dataFolderName]

/** Every flow file of the workspace, by path. Symlinks are not followed, nothing is opened. */
export async function listFlowFiles(workspace: WorkspaceFolder): Promise<WorkspaceFile[]> {
  const { glob } = await import('tinyglobby')
  const paths = await glob(`**/*${flowSuffix}`, {
    cwd: workspace.root,
    ignore: ignoredFolders.map((folder) => `**/${folder}/**`),
    followSymbolicLinks: false,
    dot: true,
  })
  const files = await Promise.all(paths.sort().map((path) => describe(workspace, path)))
  return files.filter((file) => file !== undefined)
}

/** Undefined where the file was removed since it was listed. */
async function describe(workspace: WorkspaceFolder, path: string): Promise<WorkspaceFile | undefined> {
  const entry = await stat(join(workspace.root, path)).catch(() => undefined)
  if (!entry?.isFile()) return undefined
  const name = path.slice(path.lastIndexOf('/') + 1, -flowSuffix.length)
  return { path, name, size: entry.size, modifiedAt: entry.mtime.toISOString() }
}
