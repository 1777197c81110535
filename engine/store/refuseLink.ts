import { lstatSync } from 'node:fs'
import { NodeFailure } from '../../model/failure.ts'

/**
 * Refuses a symlink where Switchyard keeps its own data: it came with the folder, and would lead what is written there
 * to any other place of the disk. Nothing at all is fine. Fails as `workspace-unwritable`.
 */
export function refuseLink(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return
  throw new NodeFailure(
    'workspace-unwritable',
    `"${path}" is a symbolic link, and Switchyard keeps its data in the workspace only. Remove the link.`,
  )
}
