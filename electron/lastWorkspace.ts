import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const recordName = 'last-workspace'

/** Which folder to open: the one asked for (`--workspace DIR`), the last one, or a new folder in the person's documents. */
export function findWorkspace(args: readonly string[], userData: string, documents: string): string {
  const at = args.indexOf('--workspace')
  const asked = at >= 0 ? args[at + 1] : undefined
  if (asked !== undefined) return resolve(asked)
  const last = readLast(userData)
  if (last !== undefined && isFolder(last)) return last
  const fresh = join(documents, 'Switchyard')
  mkdirSync(fresh, { recursive: true })
  return fresh
}

export function rememberWorkspace(userData: string, workspace: string): void {
  const path = join(userData, recordName)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, workspace, { mode: 0o600 })
}

function readLast(userData: string): string | undefined {
  try {
    return readFileSync(join(userData, recordName), 'utf8').trim() || undefined
  } catch {
    return undefined // first start
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
