import type { Notification, Response } from '../../model/protocol.ts'
import type { RunEvent } from '../../model/events.ts'
import type { EngineKinds } from '../kinds.ts'
import type { RunHost } from '../run/runHost.ts'
import { createProviderProbe } from '../settings/providerTest.ts'
import { FileSecretStore, type SecretCipher } from '../settings/secretStore.ts'
import { SettingsFile } from '../settings/settingsFile.ts'
import { FlowTrust } from '../trust/flowTrust.ts'
import { TrustStore } from '../trust/trustStore.ts'
import { Drafts } from '../workspace/drafts.ts'
import { packageVersion } from '../workspace/packageFolder.ts'
import { watchFlows, type FlowWatch } from '../workspace/watchFlows.ts'
import { ensureDataFolder, type WorkspaceFolder } from '../workspace/workspaceFolder.ts'
import { ConnectedClient } from './connectedClient.ts'
import { describeError, dispatch } from './dispatch.ts'
import { createEngineApi, type EngineApi } from './engineApi.ts'
import type { EngineParts } from './engineParts.ts'
import type { OpenRunHost } from './openRunHost.ts'
import { RunViews } from './runViews.ts'

export interface EngineOptions {
  readonly workspace: WorkspaceFolder
  readonly host: 'desktop' | 'browser'
  readonly kinds: EngineKinds
  readonly env: NodeJS.ProcessEnv
  /** Encrypts secrets where the host has a keychain. */
  readonly cipher?: SecretCipher
  /** The store cannot be written any more: the process should end and be started again. */
  readonly onFatal: (error: Error) => void
}

/** One transport's end: messages in by `receive`, answers and notifications out by the `send` it was made with. */
export interface Connection {
  receive(message: unknown): Promise<void>
  close(): void
}

/** The engine of one workspace, apart from how clients reach it. The caller holds the workspace's lock. */
export class Engine {
  readonly #parts: EngineParts
  readonly #api: EngineApi
  readonly #clients = new Set<ConnectedClient>()
  readonly #openHost: () => Promise<OpenRunHost>
  #host: Promise<OpenRunHost> | undefined
  #watch: Promise<FlowWatch> | undefined
  #isListening = false

  private constructor(options: EngineOptions) {
    const { workspace, env } = options
    const settings = new SettingsFile(workspace)
    const secrets = new FileSecretStore(workspace, env, options.cipher)
    this.#parts = {
      workspace,
      host: options.host,
      version: packageVersion(),
      drafts: new Drafts(workspace),
      trust: new FlowTrust(new TrustStore(workspace)),
      settings,
      secrets,
      kinds: options.kinds.specs,
      runs: () => this.runs(),
      sandbox: async () => (await this.#opened()).sandbox,
      views: new RunViews(),
      probe: createProviderProbe({ settings, secrets, env }),
      now: Date.now,
      windowOpened: () => this.#startWatching(),
    }
    this.#openHost = async () => {
      const { openRunHost } = await import('./openRunHost.ts')
      return openRunHost({ workspace, kinds: options.kinds, settings, secrets, env, onFatal: options.onFatal })
    }
    this.#api = createEngineApi(this.#parts)
  }

  static async open(options: EngineOptions): Promise<Engine> {
    await ensureDataFolder(options.workspace)
    return new Engine(options)
  }

  connect(send: (message: Response | Notification) => void): Connection {
    const client = new ConnectedClient(send)
    this.#clients.add(client)
    return {
      receive: async (message) => {
        const response = await dispatch(this.#api, message, client)
        if (response) answer(send, response)
        client.answered()
      },
      close: () => {
        this.#clients.delete(client)
      },
    }
  }

  /** The runs of the workspace; the store is opened at the first call. A failure to open is tried again. */
  async runs(): Promise<RunHost> {
    const { runs } = await this.#opened()
    if (!this.#isListening) this.#listen(runs)
    return runs
  }

  /** Drives on every run that a process before this one left unfinished. */
  async resume(): Promise<string[]> {
    return (await this.runs()).resumeRuns()
  }

  /** Stops driving runs without ending them. */
  async close(): Promise<void> {
    await (await this.#watch)?.close()
    const host = await this.#host?.catch(() => undefined)
    await host?.close()
  }

  async #opened(): Promise<OpenRunHost> {
    this.#host ??= this.#openHost()
    try {
      return await this.#host
    } catch (error) {
      this.#host = undefined
      throw error
    }
  }

  #listen(runs: RunHost): void {
    this.#isListening = true
    this.#parts.views.readFrom(runs)
    runs.subscribe({
      events: (events) => this.#deliver(events),
      progress: (messages) => {
        for (const client of this.#clients) client.progress(messages)
      },
      runChanged: (run) => {
        for (const client of this.#clients) client.runChanged(run)
      },
    })
  }

  #deliver(events: readonly RunEvent[]): void {
    if (this.#clients.size === 0) return
    const byRun = new Map<string, RunEvent[]>()
    for (const event of events) {
      const group = byRun.get(event.runId)
      if (group) group.push(event)
      else byRun.set(event.runId, [event])
    }
    for (const [runId, group] of byRun) {
      for (const client of this.#clients) client.events(runId, group, this.#parts.views.preview)
    }
  }

  #startWatching(): void {
    this.#watch ??= watchFlows(this.#parts.workspace, (paths) => {
      for (const client of this.#clients) client.notify({ event: 'workspace.changed', params: { paths } })
    })
    this.#watch.catch((error: unknown) => describeError(error, 'watching the workspace'))
  }
}

/** An answer that the transport cannot carry, like one longer than a string may be, becomes an error. */
function answer(send: (response: Response) => void, response: Response): void {
  try {
    send(response)
  } catch (error) {
    send({ id: response.id, error: describeError(error, 'sending an answer') })
  }
}
