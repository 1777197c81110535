import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { ExecutorCall, Progress } from '../sdk/executor.ts'
import type { Services } from '../sdk/services.ts'
import type { RunnerOwner } from './nodeRunner.ts'
import type { ProgressBuffer } from './progressBuffer.ts'
import { effectKey, type ActiveNode } from './state.ts'

/** One call of an executor. What most kinds never touch is made when it is touched. */
export class NodeCall implements ExecutorCall {
  readonly data: JsonObject
  readonly prev: Json
  readonly services: Services
  readonly signal: AbortSignal
  readonly attempt: number
  readonly #node: ActiveNode
  readonly #owner: RunnerOwner
  readonly #progress: ProgressBuffer

  constructor(parts: {
    node: ActiveNode
    signal: AbortSignal
    services: Services
    progress: ProgressBuffer
    owner: RunnerOwner
  }) {
    const { node, signal, services, progress, owner } = parts
    this.data = isJsonObject(node.data) ? node.data : {}
    this.prev = node.prev
    this.attempt = node.attempt
    this.signal = signal
    this.services = services
    this.#node = node
    this.#owner = owner
    this.#progress = progress
  }

  get key(): string {
    return this.#node.intent?.key ?? effectKey(this.#owner.current(), this.#node)
  }

  get progress(): Progress {
    return this.#progress.reporter(this.#owner.current().runId, { node: this.#node.path, visit: this.#node.visit })
  }

  get log(): ExecutorCall['log'] {
    const { path: node, visit } = this.#node
    return (level, message) => this.#owner.record({ type: 'log', node, visit, level, message })
  }
}
