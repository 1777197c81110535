import { listTemplates, readTemplateFlow } from '../workspace/templates.ts'
import { trustHash } from './trustHash.ts'
import type { TrustStore } from './trustStore.ts'

/**
 * Which flows may reach outside. Trust hangs on the hash of what a flow does: a gesture in a trusted flow carries it
 * over to the new text, a change from outside does not, so the flow is locked again. Shipped templates are trusted by
 * their shipped hash wherever they lie.
 */
export class FlowTrust {
  readonly #store: TrustStore
  readonly #shipped: () => Promise<readonly string[]>
  #shippedHashes: Promise<ReadonlySet<string>> | undefined

  /** `shipped` gives the texts of the installed templates' flows. */
  constructor(store: TrustStore, shipped: () => Promise<readonly string[]> = shippedFlows) {
    this.#store = store
    this.#shipped = shipped
  }

  async isTrusted(path: string, text: string): Promise<boolean> {
    const hash = trustHash(text)
    return (await this.#store.has(path, hash)) || (await this.#shippedSet()).has(hash)
  }

  async grant(path: string, text: string): Promise<void> {
    await this.#store.add(path, trustHash(text))
  }

  /** A person changed `before` into `after` here; `before` is undefined for a flow that is created now. */
  async follow(path: string, before: string | undefined, after: string): Promise<void> {
    if (before !== undefined && trustHash(before) === trustHash(after)) return
    if (before === undefined || (await this.isTrusted(path, before))) await this.grant(path, after)
  }

  #shippedSet(): Promise<ReadonlySet<string>> {
    this.#shippedHashes ??= this.#shipped().then((texts) => new Set(texts.map(trustHash)))
    return this.#shippedHashes
  }
}

async function shippedFlows(): Promise<string[]> {
  return Promise.all((await listTemplates()).map(readTemplateFlow))
}
