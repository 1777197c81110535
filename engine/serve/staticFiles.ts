import { readdir, readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

export interface StaticFile {
  readonly body: Uint8Array
  readonly type: string
  /** Its name holds a hash of its content. */
  readonly isImmutable: boolean
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.map': 'application/json; charset=utf-8',
}

/**
 * The files of a built page. Addresses are looked up in the list of files that exist, never joined to a folder, so no
 * address can lead out of it.
 */
export class StaticFiles {
  readonly #folder: string
  #paths: ReadonlySet<string> | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** `path` as in the request, without query. Undefined where there is no such file. */
  async find(path: string): Promise<StaticFile | undefined> {
    const name = path === '/' ? 'index.html' : path.slice(1)
    if (!this.#paths?.has(name)) this.#paths = await listFiles(this.#folder)
    if (!this.#paths.has(name)) return undefined
    const body = await readFile(join(this.#folder, name)).catch(() => undefined)
    return (
      body && {
        body,
        type: types[extname(name)] ?? 'application/octet-stream',
        isImmutable: name.startsWith('assets/'),
      }
    )
  }
}

async function listFiles(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Set(
    files.map((file) =>
      file
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    ),
  )
}
