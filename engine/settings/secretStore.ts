import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import '../../model/jitless.ts'
import { NodeFailure } from '../../model/failure.ts'
import { isFromElsewhere, placeMark } from '../store/placeMark.ts'
import { writeAtomically } from '../workspace/atomicWrite.ts'
import { systemCode } from '../workspace/systemError.ts'
import { KeyedQueue } from '../workspace/keyedQueue.ts'
import { ensureDataFolder, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'

/** A secret and the hosts it may be sent to; no hosts means that nobody has bound it yet. */
export interface Secret {
  readonly value: string
  readonly hosts: readonly string[]
}

/** Where secrets lie. Flows hold references only (`{"$secret": "name"}`); values leave through {@link SecretStore.get} alone. */
export interface SecretStore {
  /** Said to the person: whether values are encrypted by the system's keychain or stand in an owner-only file. */
  readonly kind: 'keychain' | 'file' | 'environment' | 'memory'
  list(): Promise<{ name: string; hosts: string[] }[]>
  get(name: string): Promise<Secret | undefined>
  set(name: string, secret: Secret): Promise<void>
  delete(name: string): Promise<void>
}

/** Encrypts with a key that the system keeps (Electron's safeStorage). Texts in, base64 out. */
export interface SecretCipher {
  encrypt(plain: string): Promise<string>
  decrypt(encrypted: string): Promise<string>
}

/** Name of the environment variable that stands in for a secret: `SWITCHYARD_SECRET_OPENAI`. It wins over the store. */
export function secretVariable(name: string): string {
  return `SWITCHYARD_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
}

const recordsSchema = z.record(
  z.string(),
  z.object({ value: z.string(), hosts: z.array(z.string()), encrypted: z.boolean().default(false) }),
)
type SecretRecords = z.infer<typeof recordsSchema>

/** With the mark of the folder the secrets were entered in; without one, the records alone, as written by hand. */
const fileSchema = z.union([
  z.strictObject({ place: z.number(), secrets: recordsSchema }),
  recordsSchema.transform((secrets) => ({ place: undefined, secrets })),
])

/**
 * Secrets in `.switchyard/secrets.json`, mode 0600; encrypted where a cipher is given. An entry that was encrypted can
 * be read with the cipher only, and no entry is written in clear where one is given. Secrets that came here with a copy
 * of the folder they were entered in count for nothing, so that nobody else decides where a secret may be sent; the next
 * save replaces them.
 */
export class FileSecretStore implements SecretStore {
  readonly kind: 'keychain' | 'file'
  readonly #workspace: WorkspaceFolder
  readonly #path: string
  readonly #cipher: SecretCipher | undefined
  readonly #env: NodeJS.ProcessEnv
  readonly #queue = new KeyedQueue()

  constructor(workspace: WorkspaceFolder, env: NodeJS.ProcessEnv, cipher?: SecretCipher) {
    this.kind = cipher ? 'keychain' : 'file'
    this.#workspace = workspace
    this.#path = join(workspace.data, 'secrets.json')
    this.#cipher = cipher
    this.#env = env
  }

  async list(): Promise<{ name: string; hosts: string[] }[]> {
    const records = await this.#read()
    return Object.keys(records)
      .sort()
      .map((name) => ({ name, hosts: records[name]?.hosts ?? [] }))
  }

  async get(name: string): Promise<Secret | undefined> {
    const record = Object.entries(await this.#read()).find(([key]) => key === name)?.[1]
    const fromEnv = this.#env[secretVariable(name)]
    if (fromEnv !== undefined && fromEnv !== '') return { value: fromEnv, hosts: record?.hosts ?? [] }
    if (!record) return undefined
    if (!record.encrypted) return { value: record.value, hosts: record.hosts }
    if (!this.#cipher) {
      throw new NodeFailure(
        'secret-locked',
        `Secret "${name}" was encrypted by the desktop app. Set ${secretVariable(name)} to use it here.`,
      )
    }
    return { value: await this.#cipher.decrypt(record.value), hosts: record.hosts }
  }

  async set(name: string, secret: Secret): Promise<void> {
    const value = this.#cipher ? await this.#cipher.encrypt(secret.value) : secret.value
    await this.#change((records) =>
      records.set(name, { value, hosts: [...secret.hosts], encrypted: this.#cipher !== undefined }),
    )
  }

  async delete(name: string): Promise<void> {
    await this.#change((records) => records.delete(name))
  }

  async #change(edit: (records: Map<string, SecretRecords[string]>) => void): Promise<void> {
    await this.#queue.run('', async () => {
      const records = new Map(Object.entries(await this.#read()))
      edit(records)
      await ensureDataFolder(this.#workspace)
      const file = { place: placeMark(this.#workspace.data), secrets: Object.fromEntries(records) }
      await writeAtomically(this.#path, `${JSON.stringify(file, null, 2)}\n`, 0o600)
    })
  }

  /** Whether there are secrets that do not count, since they were entered in another folder. */
  async isFromElsewhere(): Promise<boolean> {
    return isFromElsewhere(this.#workspace.data, (await this.#readFile()).place)
  }

  async #read(): Promise<SecretRecords> {
    const { place, secrets } = await this.#readFile()
    return isFromElsewhere(this.#workspace.data, place) ? {} : secrets
  }

  async #readFile(): Promise<z.infer<typeof fileSchema>> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return '{}'
      throw damaged(error)
    })
    try {
      return fileSchema.parse(JSON.parse(text))
    } catch (cause) {
      throw damaged(cause)
    }
  }
}

function damaged(cause: unknown): NodeFailure {
  return new NodeFailure(
    'secrets-damaged',
    '.switchyard/secrets.json cannot be read. Repair it, or remove it and enter the secrets again.',
    { cause },
  )
}
