import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import '../../model/jitless.ts'
import { writeAtomically } from './atomicWrite.ts'
import { KeyedQueue } from './keyedQueue.ts'
import { hashText } from './textFiles.ts'
import { ensureDataFolder, type WorkspaceFolder } from './workspaceFolder.ts'

const draftSchema = z.object({
  /** Workspace-relative path of the flow. */
  path: z.string(),
  text: z.string(),
  /** What the last edit was called. */
  label: z.string(),
  /** Hash of the file's content that the edits began from; null for a flow that has no file yet. */
  base: z.string().nullable(),
  savedAt: z.string(),
})

/** A flow as last edited, not yet (or not only) in its file. */
export type Draft = z.infer<typeof draftSchema>

/** The edit journal: one file per flow under `.switchyard/drafts/`, replaced as a whole at each save. */
export class Drafts {
  readonly #workspace: WorkspaceFolder
  readonly #folder: string
  readonly #queue = new KeyedQueue()

  constructor(workspace: WorkspaceFolder) {
    this.#workspace = workspace
    this.#folder = join(workspace.data, 'drafts')
  }

  async save(draft: Omit<Draft, 'savedAt'>, savedAt: string): Promise<void> {
    await ensureDataFolder(this.#workspace)
    const file = this.#fileOf(draft.path)
    await this.#queue.run(file, () => writeAtomically(file, JSON.stringify({ ...draft, savedAt }), 0o600))
  }

  /** The draft of a flow; undefined where there is none, or where its file is damaged. */
  async load(path: string): Promise<Draft | undefined> {
    return parseDraft(await readFile(this.#fileOf(path), 'utf8').catch(() => undefined))
  }

  async drop(path: string): Promise<void> {
    const file = this.#fileOf(path)
    await this.#queue.run(file, () => rm(file, { force: true }))
  }

  /** All drafts, newest first. */
  async list(): Promise<Draft[]> {
    const names = await readdir(this.#folder).catch(() => [])
    const texts = names
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFile(join(this.#folder, name), 'utf8').catch(() => undefined))
    const drafts = (await Promise.all(texts)).map(parseDraft).filter((draft) => draft !== undefined)
    return drafts.sort((a, b) => b.savedAt.localeCompare(a.savedAt))
  }

  #fileOf(path: string): string {
    return join(this.#folder, `${hashText(path).slice(0, 32)}.json`)
  }
}

function parseDraft(text: string | undefined): Draft | undefined {
  if (text === undefined) return undefined
  try {
    return draftSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // damaged by hand: writes are atomic
  }
}
