import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import '../../model/jitless.ts'
import { writeAtomically } from '../workspace/atomicWrite.ts'
import { placeMark } from '../store/placeMark.ts'
import { KeyedQueue } from '../workspace/keyedQueue.ts'
import { ensureDataFolder, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'

/** Hashes kept per flow: enough for undo across a reload, bounded for ever. */
const keptPerFlow = 64

const fileSchema = z.object({
  format: z.literal('switchyard.trust/1'),
  /** {@link placeMark} of the folder this was written in. */
  place: z.number(),
  flows: z.record(z.string(), z.array(z.string())),
})

/**
 * Which texts of which flows this workspace trusts, in `.switchyard/trust.json` (0600). Trust hangs on path and hash
 * together: the same text at another place, where its relative references mean other files, is not trusted.
 * A file that is damaged, or came here with its folder, trusts nothing.
 */
export class TrustStore {
  readonly #workspace: WorkspaceFolder
  readonly #path: string
  readonly #queue = new KeyedQueue()
  #flows: Map<string, string[]> | undefined

  constructor(workspace: WorkspaceFolder) {
    this.#workspace = workspace
    this.#path = join(workspace.data, 'trust.json')
  }

  async has(path: string, hash: string): Promise<boolean> {
    return (await this.#load()).get(path)?.includes(hash) ?? false
  }

  /** Remembers the hash as the newest of its flow; the oldest ones are forgotten. */
  async add(path: string, hash: string): Promise<void> {
    await this.#queue.run('', async () => {
      const flows = await this.#load()
      const before = flows.get(path) ?? []
      if (before.at(-1) === hash) return
      flows.set(path, [...before.filter((each) => each !== hash), hash].slice(-keptPerFlow))
      await ensureDataFolder(this.#workspace)
      const file = {
        format: 'switchyard.trust/1',
        place: placeMark(this.#workspace.data),
        flows: Object.fromEntries(flows),
      }
      const text = JSON.stringify(file, null, 2)
      await writeAtomically(this.#path, `${text}\n`, 0o600)
    })
  }

  async #load(): Promise<Map<string, string[]>> {
    if (this.#flows) return this.#flows
    const text = await readFile(this.#path, 'utf8').catch(() => '')
    const file = parseTrust(text)
    const isOwn = file?.place === placeMark(this.#workspace.data)
    this.#flows ??= new Map(isOwn ? Object.entries(file.flows) : [])
    return this.#flows
  }
}

function parseTrust(text: string): z.infer<typeof fileSchema> | undefined {
  try {
    return fileSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // missing or damaged: nothing is trusted
  }
}
