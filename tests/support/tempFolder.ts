import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface TempFolder extends AsyncDisposable {
  /** Real path. */
  readonly path: string
  /** Absolute path of something inside. */
  at(relative: string): string
  remove(): Promise<void>
}

/** A folder of its own under the system's temporary folder, with these files in it. */
export async function tempFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<TempFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-')))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), content)
  }
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true })
  return { path, at: (relative) => join(path, relative), remove, [Symbol.asyncDispose]: remove }
}
