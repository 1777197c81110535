import { NodeFailure } from '../../model/failure.ts'
import type { Json } from '../../model/json.ts'
import { isSecretRef, type SecretRef } from '../../model/secretRef.ts'
import type { SecretStore } from '../settings/secretStore.ts'
import { Redactor } from './redactor.ts'

/**
 * Reads secrets for an effect. `host` is where the value is about to go (`api.example.com`, with a port where it is
 * not the scheme's own), or undefined for a program of this machine. Fails as `secret-missing` and, where the secret
 * is bound to other hosts, as `secret-refused`.
 */
export interface SecretReader {
  read(name: string, host: string | undefined): Promise<string>
}

/** Reads from a store and keeps its bindings: a bound secret goes to its hosts (and their subdomains) only. */
export function readSecretsFrom(store: Pick<SecretStore, 'get'>): SecretReader {
  return {
    async read(name, host) {
      const secret = await store.get(name)
      if (secret === undefined)
        throw new NodeFailure('secret-missing', `There is no secret "${name}". Enter it in the settings.`)
      if (secret.hosts.length === 0 || (host !== undefined && secret.hosts.some((bound) => covers(bound, host))))
        return secret.value
      const target = host ?? 'a program'
      throw new NodeFailure(
        'secret-refused',
        `Secret "${name}" may go to ${secret.hosts.join(', ')} only, not to ${target}.`,
      )
    },
  }
}

function covers(bound: string, host: string): boolean {
  const [wanted, given] = [bound.toLowerCase(), host.toLowerCase()]
  const bare = given.replace(/:\d+$/, '')
  return wanted === given || wanted === bare || bare.endsWith(`.${wanted}`)
}

/** The secrets joined into one effect: fills references in and remembers the values, to keep them out of what comes back. */
export class EffectSecrets {
  readonly redactor = new Redactor()
  readonly #reader: SecretReader
  readonly #host: string | undefined

  constructor(reader: SecretReader, host: string | undefined) {
    this.#reader = reader
    this.#host = host
  }

  async text(value: string | SecretRef): Promise<string> {
    if (typeof value === 'string') return value
    const secret = await this.#reader.read(value.$secret, this.#host)
    this.redactor.add(value.$secret, secret)
    return `${value.prefix ?? ''}${secret}`
  }

  /** Fills every reference inside a JSON value. */
  async json(value: Json): Promise<Json> {
    if (isSecretRef(value)) return this.text(value)
    if (Array.isArray(value)) return Promise.all(value.map((part) => this.json(part)))
    if (typeof value !== 'object' || value === null) return value
    const parts = Object.entries(value).map(async ([name, part]): Promise<[string, Json]> => [
      name,
      await this.json(part),
    ])
    return Object.fromEntries(await Promise.all(parts))
  }
}
