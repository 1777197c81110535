import { fork, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { NodeFailure } from '../../model/failure.ts'
import { connectEngine } from '../api/connectEngine.ts'
import type { EngineReport } from '../api/engineProcess.ts'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.ts'

const firstPauseMs = 100
const longestPauseMs = 5000
/** An engine that lived this long starts anew without a pause. */
const steadyMs = 10_000
/** How long another process may hold the workspace while it starts or ends. */
const busyPatienceMs = 30_000

/** The built entry of the engine process, beside this module in dist/engine (chunks/ for code that is split off). */
const engineEntry = (): string =>
  fileURLToPath(new URL(import.meta.url.includes('/chunks/') ? '../main.js' : './main.js', import.meta.url))

/**
 * Sees that the workspace has an engine: the one that runs already, else a child process, which is started again
 * whenever it dies and then goes on with its runs.
 */
export class EngineSupervisor {
  readonly #workspace: WorkspaceFolder
  readonly #entry: string
  #child: ChildProcess | undefined
  #starting: Promise<EngineReport> | undefined
  #isClosed = false
  #pauseMs = firstPauseMs

  constructor(workspace: WorkspaceFolder, entry = engineEntry()) {
    this.#workspace = workspace
    this.#entry = entry
  }

  /** A new connection to the engine. Fails as the engine's own start does, or as `engine-busy`. */
  async connect(): Promise<Socket> {
    const deadline = Date.now() + busyPatienceMs
    for (;;) {
      const socket = await connectEngine(this.#workspace)
      if (socket) return socket
      const report = await this.#start()
      if (report.type === 'failed') throw new NodeFailure(report.code, report.message)
      if (report.type === 'busy') await this.#waitForOther(deadline)
    }
  }

  /** Process id of the engine, where it is a child of this process. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const child = this.#child
    if (child?.exitCode !== null) return
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    })
  }

  #start(): Promise<EngineReport> {
    this.#starting ??= this.#fork().finally(() => (this.#starting = undefined))
    return this.#starting
  }

  #fork(): Promise<EngineReport> {
    return new Promise((resolve) => {
      const startedAt = Date.now()
      const child = fork(this.#entry, [this.#workspace.root, 'browser'], {
        stdio: ['ignore', process.stderr, 'inherit', 'ipc'],
      })
      this.#child = child
      let wasReady = false
      child.on('message', (message) => {
        const report = message as EngineReport // from our own process, built from the same source
        wasReady ||= report.type === 'ready'
        resolve(report)
      })
      child.on('exit', (code, signal) => {
        this.#child = undefined
        resolve({
          type: 'failed',
          code: 'engine-died',
          message: `The engine process ended at once (${signal ?? String(code)}).`,
        })
        if (wasReady && !this.#isClosed) this.#restart(Date.now() - startedAt)
      })
    })
  }

  #restart(livedMs: number): void {
    this.#pauseMs = livedMs > steadyMs ? firstPauseMs : Math.min(this.#pauseMs * 2, longestPauseMs)
    setTimeout(() => {
      if (this.#isClosed) return
      this.connect().then(
        (socket) => socket.destroy(),
        (error: unknown) => process.stderr.write(`engine: ${error instanceof Error ? error.message : String(error)}\n`),
      )
    }, this.#pauseMs)
  }

  async #waitForOther(deadline: number): Promise<void> {
    if (Date.now() > deadline)
      throw new NodeFailure('engine-busy', 'Another process holds this workspace and does not answer.')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
