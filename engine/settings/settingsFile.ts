import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import '../../model/jitless.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { Json } from '../../model/json.ts'
import { settingsSchema, type Settings } from '../../model/protocol.ts'
import { isFromElsewhere, placeMark } from '../store/placeMark.ts'
import { writeAtomically } from '../workspace/atomicWrite.ts'
import { messageOf, systemCode } from '../workspace/systemError.ts'
import { KeyedQueue } from '../workspace/keyedQueue.ts'
import { ensureDataFolder, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'

const fieldsSchema = z.looseObject({ place: z.unknown().optional() })

/**
 * Settings of a workspace in `.switchyard/settings.json`, owner-only. Unknown fields are kept. `place` is the mark of
 * the folder they were saved in: settings that came here with a copy of it count for nothing, and the next save
 * replaces them. Those written by hand have no mark and count.
 */
export class SettingsFile {
  readonly #workspace: WorkspaceFolder
  readonly #path: string
  readonly #queue = new KeyedQueue()

  constructor(workspace: WorkspaceFolder) {
    this.#workspace = workspace
    this.#path = join(workspace.data, 'settings.json')
  }

  /** Defaults where there is no file, or one from elsewhere. Fails as `settings-damaged`, and leaves the file as it is. */
  async read(): Promise<Settings> {
    const { place, ...settings } = await this.#readFields()
    return parseSettings(isFromElsewhere(this.#workspace.data, place) ? {} : settings)
  }

  /** Whether there are settings that do not count, since they were saved in another folder. */
  async isFromElsewhere(): Promise<boolean> {
    return isFromElsewhere(this.#workspace.data, (await this.#readFields()).place)
  }

  async #readFields(): Promise<z.infer<typeof fieldsSchema>> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return '{}'
      throw damaged(messageOf(error))
    })
    const fields = fieldsSchema.safeParse(parseJson(text))
    if (!fields.success) throw damaged(firstIssue(fields.error.issues))
    return fields.data
  }

  /** Replaces the top-level fields given and leaves the others; null takes a field out. Fails as `bad-settings`. */
  async change(patch: Readonly<Record<string, Json>>): Promise<Settings> {
    return this.#queue.run('', async () => {
      const merged = { ...(await this.read()), ...patch }
      const kept = Object.fromEntries(
        Object.entries(merged).filter(([name, value]) => value !== null && name !== 'place'),
      )
      const parsed = settingsSchema.safeParse(kept)
      if (!parsed.success)
        throw new NodeFailure('bad-settings', `The settings do not fit: ${firstIssue(parsed.error.issues)}`)
      await ensureDataFolder(this.#workspace)
      const file = { place: placeMark(this.#workspace.data), ...parsed.data }
      await writeAtomically(this.#path, `${JSON.stringify(file, null, 2)}\n`, 0o600)
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
