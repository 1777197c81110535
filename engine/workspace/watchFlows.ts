import { sep } from 'node:path'
import { flowSuffix, ignoredFolders } from './flowFiles.ts'
import { relativePath, type WorkspaceFolder } from './workspaceFolder.ts'

const settleMs = 60

export interface FlowWatch {
  close(): Promise<void>
}

/** Calls `changed` with the workspace-relative paths of flows that were added, changed or removed, gathered for 60 ms. */
export async function watchFlows(workspace: WorkspaceFolder, changed: (paths: string[]) => void): Promise<FlowWatch> {
  const { watch } = await import('chokidar')
  const pending = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    timer = undefined
    const paths = [...pending].sort()
    pending.clear()
    changed(paths)
  }
  const watcher = watch(workspace.root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path, entry) => isIgnored(path, entry?.isFile()),
  })
  watcher.on('all', (event, absolute) => {
    const path = relativePath(workspace, absolute)
    if (path === undefined || !path.endsWith(flowSuffix) || event === 'addDir' || event === 'unlinkDir') return
    pending.add(path)
    timer ??= setTimeout(flush, settleMs)
  })
  // A folder that cannot be watched (limit of the system, no permission) leaves the list to be refreshed by hand.
  watcher.on('error', (error) => {
    process.stderr.write(`watching the workspace: ${error instanceof Error ? error.message : String(error)}\n`)
  })
  return {
    close: async () => {
      clearTimeout(timer)
      await watcher.close()
    },
  }
}

function isIgnored(path: string, isFile: boolean | undefined): boolean {
  if (isFile === true) return !path.endsWith(flowSuffix)
  return ignoredFolders.some((folder) => path.endsWith(sep + folder))
}
