import { z } from 'zod'
import '../model/jitless.ts'

/** The parts of Electron's UtilityProcess that are used; `Port` is its MessagePortMain. */
export interface EngineProcess<Port> {
  postMessage(message: unknown, transfer?: Port[]): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'exit', listener: (code: number) => void): unknown
  kill(): boolean
}

/** A window that can be handed a port. */
export interface PortTaker<Port> {
  isDestroyed(): boolean
  postMessage(channel: string, message: unknown, transfer?: Port[]): void
}

/** The system's keychain. Undefined where it has none, or only one that keeps secrets in clear. */
export interface Keychain {
  encrypt(text: string): Promise<string>
  decrypt(text: string): Promise<string>
}

export interface EngineHostParts<Port> {
  fork(workspace: string): EngineProcess<Port>
  createChannel(): { readonly port1: Port; readonly port2: Port }
  keychain(): Promise<Keychain | undefined>
  after(ms: number, callback: () => void): void
  /** The engine cannot start, and trying again will not help. */
  failed(message: string): void
}

/** Channel on which a window gets its port. */
export const enginePortChannel = 'shell:engine-port'

const reportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('busy') }),
  z.object({ type: z.literal('failed'), message: z.string() }),
  z.object({ type: z.literal('keychain?') }),
  z.object({ type: z.enum(['encrypt', 'decrypt']), id: z.string(), text: z.string() }),
])

const firstPauseMs = 200
const longestPauseMs = 5000

/**
 * Keeps one engine process for the open workspace and hands windows the ports to it. An engine that ends is started
 * again, goes on with its runs, and every window gets a new port.
 */
export class EngineHost<Port> {
  readonly #parts: EngineHostParts<Port>
  readonly #windows = new Set<PortTaker<Port>>()
  #workspace: string
  #engine: EngineProcess<Port> | undefined
  #pauseMs = firstPauseMs
  #isClosed = false

  constructor(workspace: string, parts: EngineHostParts<Port>) {
    this.#workspace = workspace
    this.#parts = parts
  }

  get workspace(): string {
    return this.#workspace
  }

  start(): void {
    const engine = this.#parts.fork(this.#workspace)
    this.#engine = engine
    engine.on('message', (message) => this.#receive(engine, message))
    engine.on('exit', () => this.#ended(engine))
    for (const window of this.#windows) this.#connect(window)
  }

  /** Hands the window a port to the engine, now and after each restart. */
  adopt(window: PortTaker<Port>): void {
    this.#windows.add(window)
    if (this.#engine) this.#connect(window)
  }

  /** Ends the engine and starts one for another workspace. Runs of the old one go on when it is opened again. */
  changeWorkspace(workspace: string): void {
    this.#workspace = workspace
    this.#pauseMs = firstPauseMs
    if (this.#engine) this.#engine.kill()
    else this.start()
  }

  close(): void {
    this.#isClosed = true
    this.#engine?.kill()
  }

  #connect(window: PortTaker<Port>): void {
    if (window.isDestroyed()) {
      this.#windows.delete(window)
      return
    }
    const { port1, port2 } = this.#parts.createChannel()
    this.#engine?.postMessage({ type: 'window' }, [port1])
    window.postMessage(enginePortChannel, null, [port2])
  }

  #receive(engine: EngineProcess<Port>, message: unknown): void {
    const report = reportSchema.safeParse(message).data
    if (report?.type === 'ready') this.#pauseMs = firstPauseMs
    else if (report?.type === 'failed') this.#fail(report.message)
    else if (report?.type === 'keychain?') void this.#tellKeychain(engine)
    else if (report?.type === 'encrypt' || report?.type === 'decrypt') void this.#useKeychain(engine, report)
  }

  /** A refusal that every new start would meet again: it is said once, and the next workspace starts anew. */
  #fail(message: string): void {
    this.#engine = undefined
    this.#parts.failed(message)
  }

  #ended(engine: EngineProcess<Port>): void {
    if (this.#engine !== engine) return
    this.#engine = undefined
    if (this.#isClosed) return
    this.#parts.after(this.#pauseMs, () => {
      if (!this.#isClosed && !this.#engine) this.start()
    })
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }

  async #tellKeychain(engine: EngineProcess<Port>): Promise<void> {
    engine.postMessage({ type: 'keychain', available: (await this.#parts.keychain()) !== undefined })
  }

  async #useKeychain(
    engine: EngineProcess<Port>,
    { type, id, text }: { type: 'encrypt' | 'decrypt'; id: string; text: string },
  ): Promise<void> {
    const keychain = await this.#parts.keychain()
    try {
      if (!keychain) throw new Error('This system has no keychain.')
      engine.postMessage({ type: 'cipher', id, text: await keychain[type](text) })
    } catch (error) {
      engine.postMessage({ type: 'cipher', id, error: error instanceof Error ? error.message : String(error) })
    }
  }
}
