import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeFailure } from '../../model/failure.ts'
import type { Json } from '../../model/json.ts'
import { settingsSchema, type Settings } from '../../model/protocol.ts'
import { writeAtomically } from '../workspace/atomicWrite.ts'
import { messageOf, systemCode } from '../workspace/systemError.ts'
import { KeyedQueue } from '../workspace/keyedQueue.ts'
import { ensureDataFolder, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'

/** Settings of a workspace in `.switchyard/settings.json`, owner-only. Unknown fields are kept. */
export class SettingsFile {
  readonly #workspace: WorkspaceFolder
  readonly #path: string
  readonly #queue = new KeyedQueue()

  constructor(workspace: WorkspaceFolder) {
    this.#workspace = workspace
    this.#path = join(workspace.data, 'settings.json')
  }

  /** Defaults where there is no file. Fails as `settings-damaged`, and leaves the file as it is. */
  async read(): Promise<Settings> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return '{}'
      throw damaged(messageOf(error))
    })
    return parseSettings(parseJson(text))
  }

  /** Replaces the top-level fields given and leaves the others; null takes a field out. Fails as `bad-settings`. */
  async change(patch: Readonly<Record<string, Json>>): Promise<Settings> {
    return this.#queue.run('', async () => {
      const merged = { ...(await this.read()), ...patch }
      const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
      const parsed = settingsSchema.safeParse(kept)
      if (!parsed.success)
        throw new NodeFailure('bad-settings', `The settings do not fit: ${firstIssue(parsed.error.issues)}`)
      await ensureDataFolder(this.#workspace)
      await writeAtomically(this.#path, `${JSON.stringify(parsed.data, null, 2)}\n`, 0o600)
      return parsed.data
    })
  }
}

function parseSettings(value: unknown): Settings {
  const parsed = settingsSchema.safeParse(value)
  if (!parsed.success) throw damaged(firstIssue(parsed.error.issues))
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw damaged(messageOf(error))
  }
}

function firstIssue(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  const issue = issues[0]
  return issue ? `${issue.path.map(String).join('.') || 'file'}: ${issue.message}` : 'unknown problem'
}

function damaged(why: string): NodeFailure {
  return new NodeFailure(
    'settings-damaged',
    `.switchyard/settings.json cannot be read (${why}). Repair it, or remove it to begin with defaults.`,
  )
}
