import { Worker } from 'node:worker_threads'
import { NodeFailure } from '../../model/failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { SandboxJob, SandboxReply } from './sandboxMessages.ts'
import { workerPath } from './workerPath.ts'

/**
 * Foreign JavaScript, run in QuickJS inside worker threads that are killed at the deadline. No ambient authority: a
 * script sees the values it is given and nothing else, memory and stack are capped, and no script meets another's
 * leavings. Failures: `expression-failed` (with the script's message), `sandbox-timeout`, `sandbox-memory`.
 */
export interface SandboxPool {
  /**
   * Evaluates expressions (each the inside of one `{{ }}`) over one scope, in order. `undefined` comes back as null.
   */
  evaluate(sources: readonly string[], scope: JsonObject, signal?: AbortSignal): Promise<Json[]>
  /** Runs the body of a function over named values. */
  run(source: string, scope: JsonObject, signal?: AbortSignal): Promise<Json>
  /** Stops the workers. */
  close(): Promise<void>
}

/** Time limits in milliseconds, and the number of workers. */
export interface SandboxLimits {
  readonly expressionMs: number
  readonly codeMs: number
  readonly workers: number
}

const defaultLimits: SandboxLimits = { expressionMs: 1000, codeMs: 10_000, workers: 2 }

/** What QuickJS' own interrupt gets before the worker is killed: it does not stop native loops. */
const graceMs = 200
/** A worker that has not come up by then never will. */
const startMs = 15_000

/** Names that may be bound in a script; others would be syntax. */
const bindable = /^[A-Za-z_$][\w$]*$/

interface Task {
  readonly job: Omit<SandboxJob, 'id'>
  readonly resolve: (values: Json[]) => void
  readonly reject: (error: unknown) => void
  isAborted: boolean
}

/** Makes a pool; its first worker starts with the first script. */
export function createSandbox(limits: Partial<SandboxLimits> = {}): SandboxPool {
  return new WorkerPool({ ...defaultLimits, ...limits })
}

class WorkerPool implements SandboxPool {
  readonly #limits: SandboxLimits
  readonly #workers = new Set<SandboxWorker>()
  #waiting: Task[] = []
  #isClosed = false

  constructor(limits: SandboxLimits) {
    this.#limits = limits
  }

  evaluate(sources: readonly string[], scope: JsonObject, signal?: AbortSignal): Promise<Json[]> {
    return this.#submit(sources, false, scope, signal)
  }

  async run(source: string, scope: JsonObject, signal?: AbortSignal): Promise<Json> {
    const [value] = await this.#submit([source], true, scope, signal)
    return value ?? null
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const workers = [...this.#workers]
    this.#workers.clear()
    await Promise.all(workers.map((worker) => worker.kill(cancelled())))
  }

  #submit(sources: readonly string[], isBody: boolean, scope: JsonObject, signal?: AbortSignal): Promise<Json[]> {
    if (signal?.aborted || this.#isClosed) return Promise.reject(reasonOf(signal))
    const names = Object.keys(scope).filter((name) => bindable.test(name))
    const limitMs = isBody ? this.#limits.codeMs : this.#limits.expressionMs
    const job = { sources, isBody, names, scope: JSON.stringify(scope), limitMs }
    return new Promise((resolve, reject) => {
      const task: Task = { job, resolve, reject, isAborted: false }
      signal?.addEventListener('abort', () => this.#abort(task, signal), { once: true })
      this.#waiting.push(task)
      this.#assign()
    })
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const worker = [...this.#workers].find((one) => one.isIdle) ?? this.#addWorker()
      const task = worker && this.#waiting.shift()
      if (!task) return
      if (!task.isAborted) worker.take(task)
    }
  }

  #addWorker(): SandboxWorker | undefined {
    if (this.#workers.size >= this.#limits.workers || this.#isClosed) return undefined
    const worker: SandboxWorker = new SandboxWorker((isDead) => {
      if (isDead) this.#workers.delete(worker)
      this.#assign()
    })
    this.#workers.add(worker)
    return worker
  }

  #abort(task: Task, signal: AbortSignal): void {
    task.isAborted = true
    task.reject(reasonOf(signal))
    for (const worker of this.#workers) {
      if (worker.task === task) void worker.kill(reasonOf(signal))
    }
  }
}

/** One thread and the task it works on. */
class SandboxWorker {
  readonly #thread: Worker
  readonly #onFree: (isDead: boolean) => void
  #task: Task | undefined
  #timer: NodeJS.Timeout | undefined
  #isReady = false
  #isDead = false

  constructor(onFree: (isDead: boolean) => void) {
    this.#onFree = onFree
    // No environment, no arguments, no standard streams: even a script that broke out would find a bare thread.
    this.#thread = new Worker(workerPath('sandbox.worker'), {
      env: {},
      argv: [],
      stdin: false,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    })
    this.#thread.on('message', (reply: SandboxReply) => this.#onReply(reply))
    this.#thread.on('error', (error) => void this.kill(isMemory(error) ? memoryFailure() : error))
    this.#thread.unref()
  }

  get isIdle(): boolean {
    return !this.#task && !this.#isDead
  }

  get task(): Task | undefined {
    return this.#task
  }

  take(task: Task): void {
    this.#task = task
    this.#thread.ref()
    if (this.#isReady) this.#begin(task)
    else this.#arm(startMs, new Error('the sandbox did not start'))
  }

  /** Ends the thread; the task fails with this error. */
  async kill(error: unknown): Promise<void> {
    if (this.#isDead) return
    this.#isDead = true
    this.#settle((task) => task.reject(error))
    const ended = this.#thread.terminate()
    this.#onFree(true)
    await ended
  }

  #begin({ job }: Task): void {
    this.#arm(job.limitMs + graceMs, new NodeFailure('sandbox-timeout', 'The script ran too long and was stopped.'))
    this.#thread.postMessage({ ...job, id: 0 } satisfies SandboxJob)
  }

  #arm(ms: number, error: Error): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.kill(error), ms)
  }

  #onReply(reply: SandboxReply): void {
    if (reply.type === 'ready') {
      this.#isReady = true
      if (this.#task) this.#begin(this.#task)
      return
    }
    this.#settle((task) => {
      if (reply.type === 'done') task.resolve(JSON.parse(reply.values) as Json[])
      else task.reject(new NodeFailure(reply.code, reply.message))
    })
    this.#onFree(false)
  }

  #settle(end: (task: Task) => void): void {
    clearTimeout(this.#timer)
    this.#thread.unref()
    const task = this.#task
    this.#task = undefined
    if (task) end(task)
  }
}

function isMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

function memoryFailure(): NodeFailure {
  return new NodeFailure('sandbox-memory', 'The script used more memory than it may and was stopped.')
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : cancelled()
}

function cancelled(): NodeFailure {
  return new NodeFailure('cancelled', 'The script was stopped.')
}
