import type { EventBody } from '../../model/events.ts'
import { parseDuration } from '../../model/duration.ts'
import { NodeFailure } from '../../model/failure.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { PlannedNode } from '../compile/machine.ts'
import type { AgentSteps, ExecutorCall, ExecutorResult } from '../sdk/executor.ts'
import { sha256 } from '../store/packValue.ts'
import { Attempt, callNow, type AttemptEnd } from './attempt.ts'
import { decisionEvent } from './containers.ts'
import { failureEvent, failureOf } from './failures.ts'
import { GrantedServices } from './grantedServices.ts'
import { isoTime } from './isoTime.ts'
import { NodeCall } from './nodeCall.ts'
import type { HostParts, RunParts } from './runParts.ts'
import { scopeOfNode, type Scope } from './scope.ts'
import { evaluateSettings } from './settings.ts'
import { effectKey, type ActiveNode, type RunState } from './state.ts'

/** The run a runner works for. */
export interface RunnerOwner {
  /** The state as it stands now. */
  current(): RunState
  /** Logs an event and whatever follows from it. */
  record(body: EventBody): void
  /** The steps of an agent's visit, beginning anew. */
  agentSteps(node: ActiveNode, signal: AbortSignal): AgentSteps
}

const neverAborted = new AbortController().signal

/** Does what commands ask for one node at a time: evaluates settings, runs attempts, and logs what came of it. */
export class NodeRunner {
  readonly #host: HostParts
  readonly #run: RunParts
  readonly #owner: RunnerOwner
  readonly #attempts = new Map<string, Attempt>()
  /** What stands in for the executor: the turn of a model, by the path of the step. */
  readonly #turns = new Map<string, () => Promise<ExecutorResult>>()
  readonly #args = new Map<string, JsonObject>()
  /** What was announced before was announced to a runner before this one. */
  readonly #since: number

  constructor(host: HostParts, run: RunParts, owner: RunnerOwner) {
    this.#host = host
    this.#since = host.clock.now()
    this.#run = run
    this.#owner = owner
  }

  /** Evaluates a visit's settings (or the items of its `each`) and starts it. */
  evaluate(node: ActiveNode): void {
    const items = node.item ? undefined : this.#host.plans.items(node.planned)
    const plan = items ?? this.#host.plans.settings(node.planned)
    const attempt = plan.scripts.length > 0 ? this.#open(node) : undefined
    try {
      const data = evaluateSettings(plan, this.#scope(node), this.#host.sandbox, attempt?.controller.signal)
      if (!(data instanceof Promise)) return this.#startWith(node, data, items !== undefined)
      const settle = (work: () => void): void => {
        if (this.#attempts.get(node.path) === attempt) work()
      }
      data.then(
        (value) => settle(() => this.#attemptTo(node, () => this.#startWith(node, value, items !== undefined))),
        (error: unknown) => settle(() => this.#failToEvaluate(node, error)),
      )
    } catch (error) {
      this.#failToEvaluate(node, error)
    }
  }

  /** Evaluates the condition a loop waits for and logs what follows. */
  decide(node: ActiveNode): void {
    const { body } = node
    if (!body?.deciding) return
    const plan = this.#host.plans.condition(node.planned, body.deciding)
    const scope = {
      ...this.#scope(node),
      prev: body.last,
      index: body.deciding === 'until' ? body.next - 1 : body.next,
    }
    const attempt = this.#open(node)
    const isCurrent = (): boolean => this.#attempts.get(node.path) === attempt && this.#attempts.delete(node.path)
    callNow(async () => evaluateSettings(plan, scope, this.#host.sandbox, attempt.controller.signal)).then(
      (data) => {
        if (isCurrent()) this.#owner.record(decisionEvent(node, body, isJsonObject(data) && Boolean(data['value'])))
      },
      (error: unknown) => {
        if (isCurrent()) this.#recordFinal(node, error)
      },
    )
  }

  /** Settings of a tool with the arguments a model gave. */
  async evaluateCall(
    owner: ActiveNode,
    path: string,
    planned: PlannedNode,
    args: JsonObject,
    signal: AbortSignal,
  ): Promise<Json> {
    this.#args.set(path, args)
    const scope = scopeOfNode(this.#owner.current(), owner, { ...this.#surroundings(), args })
    return evaluateSettings(this.#host.plans.settings(planned), scope, this.#host.sandbox, signal)
  }

  /** Runs a pure node; announces an effect, or takes its result from the cache. */
  startAttempt(node: ActiveNode): void {
    if (node.planned.pure === true && !node.call) return this.runExecutor(node)
    const cached = this.#findCached(node)
    if (cached) return this.#owner.record(cached)
    const key = effectKey(this.#owner.current(), node)
    const place = { node: node.path, visit: node.visit }
    this.#attemptTo(node, () => {
      const idempotent = this.#isIdempotent(node)
      this.#owner.record({ type: 'effect.intended', ...place, key, attempt: node.attempt, idempotent })
    })
  }

  runExecutor(node: ActiveNode): void {
    if (node.planned.pure === true && !node.call) return this.#runPure(node)
    const attempt = this.#open(node)
    const { policy } = node.planned
    if (policy?.timeoutMs !== undefined) attempt.limit(policy.timeoutMs, this.#begunAt(node))
    attempt.run(
      () => this.#call(node, attempt.controller.signal),
      (end) => {
        this.#host.failPoint('effect-done')
        this.#settle(node, attempt, end)
      },
    )
    this.#host.failPoint('effect-started')
  }

  /** When the attempt began: one that a crash cut off began when it was announced (EXECUTION.md 7.1). */
  #begunAt({ intent }: ActiveNode): number {
    const announced = intent ? Date.parse(intent.at) : Infinity
    return announced < this.#since ? announced : this.#host.clock.now()
  }

  /** A pure node has nothing to abort and nothing to time out, so it goes without an attempt to keep. */
  #runPure(node: ActiveNode): void {
    const isCurrent = (): boolean => this.#owner.current().active.get(node.path) === node
    const failed = (error: unknown): void => {
      if (isCurrent()) this.#recordFailure(node, error)
    }
    const finished = (result: ExecutorResult): void => {
      if (isCurrent()) this.#attemptTo(node, () => this.#finish(node, result))
    }
    try {
      this.#call(node, neverAborted).then(finished, failed)
    } catch (error) {
      failed(error)
    }
  }

  /** Logs when a wait ends, or is given up for its timeout. */
  startWait(node: ActiveNode): void {
    this.#attemptTo(node, () => {
      const now = this.#host.clock.now()
      const end = waitEnd(node.data, now)
      const limit = now + (node.planned.policy?.timeoutMs ?? Infinity)
      const timer = limit < end ? 'timeout' : 'wait'
      const fireAt = new Date(Math.min(end, limit)).toISOString()
      this.#owner.record({ type: 'timer.set', node: node.path, visit: node.visit, timer, fireAt })
    })
  }

  /** Aborts what runs for a node; its end is not reported. */
  abort(path: string, reason: string): void {
    this.#attempts.get(path)?.drop(reason)
    this.#attempts.delete(path)
    this.#forgetCall(path)
  }

  abortAll(reason: string): void {
    for (const path of [...this.#attempts.keys()]) this.abort(path, reason)
  }

  /** Lets a step of an agent run this instead of a kind's executor. */
  setTurn(path: string, turn: () => Promise<ExecutorResult>): void {
    this.#turns.set(path, turn)
  }

  isRunning(path: string): boolean {
    return this.#attempts.has(path)
  }

  #open(node: ActiveNode): Attempt {
    const attempt = new Attempt(this.#host.clock)
    this.#attempts.set(node.path, attempt)
    return attempt
  }

  #startWith(node: ActiveNode, data: Json, isItems: boolean): void {
    if (isItems && !(isJsonObject(data) && Array.isArray(data['items']))) return this.#failToEvaluate(node, noList())
    this.#attempts.delete(node.path)
    this.#owner.record({ type: 'node.started', node: node.path, visit: node.visit, data })
  }

  /** The visit has begun all the same: it is logged as started without settings. */
  #failToEvaluate(node: ActiveNode, error: unknown): void {
    this.#owner.record({ type: 'node.started', node: node.path, visit: node.visit })
    this.#recordFinal(node, error)
  }

  #recordFinal(node: ActiveNode, error: unknown): void {
    this.#attempts.delete(node.path)
    this.#owner.record({ type: 'node.failed', ...this.#failed(node, error) })
  }

  /** A failure before there were settings is final: retries reuse settings, they do not evaluate them again. */
  #failed(node: ActiveNode, thrown: unknown) {
    const error = failureOf(thrown, node)
    this.#logBug(node, thrown)
    const port =
      node.item || node.call || node.undoes || error.code === 'internal-error' ? undefined : node.planned.failurePort
    return { node: node.path, visit: node.visit, error, ...(port !== undefined && { port }) }
  }

  #attemptTo(node: ActiveNode, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#recordFailure(node, error)
    }
  }

  #recordFailure(node: ActiveNode, thrown: unknown): void {
    this.#logBug(node, thrown)
    const moment = { now: this.#host.clock.now(), random: this.#host.random() }
    this.#owner.record(failureEvent(node, failureOf(thrown, node), moment))
  }

  #logBug(node: ActiveNode, thrown: unknown): void {
    if (thrown instanceof NodeFailure) return
    const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    this.#owner.record({ type: 'log', node: node.path, visit: node.visit, level: 'error', message })
  }

  #settle(node: ActiveNode, attempt: Attempt, end: AttemptEnd): void {
    if (this.#attempts.get(node.path) !== attempt) return
    this.#attempts.delete(node.path)
    this.#forgetCall(node.path)
    if ('error' in end) return this.#recordFailure(node, end.error)
    this.#attemptTo(node, () => this.#finish(node, end.result))
  }

  #finish(node: ActiveNode, result: ExecutorResult): void {
    const { ports, kind, role } = node.planned
    const port = result.port ?? 'out'
    if (ports.length > 0 && !ports.includes(port)) throw new Error(`the kind "${kind}" has no port "${port}"`)
    const output = role?.type === 'decision' ? node.prev : result.output
    const { vars, usage } = result
    const place = { node: node.path, visit: node.visit }
    this.#noteCached(node, port, output)
    this.#owner.record({
      type: 'node.finished',
      ...place,
      port,
      output,
      ...(vars && { vars }),
      ...(usage && { usage }),
    })
  }

  /** Before the result is recorded: what starts because of it may be the next to ask for it. */
  #noteCached(node: ActiveNode, port: string, output: Json): void {
    const key = this.#cacheKey(node)
    if (key === undefined) return
    const { runId, seq } = this.#owner.current()
    const place = { node: node.path, visit: node.visit }
    const at = isoTime(this.#host.clock.now())
    this.#host.cache.noteCached(key, { runId, seq: seq + 1, at, type: 'node.finished', ...place, port, output })
  }

  #call(node: ActiveNode, signal: AbortSignal): Promise<ExecutorResult> {
    const turn = this.#turns.get(node.path)
    if (turn) return turn()
    const { kind } = node.planned
    const executor = this.#host.kinds.executor(kind)
    if (!executor)
      throw new NodeFailure('unknown-kind', `No node kind "${kind}" is installed, so this node cannot run.`)
    return executor(this.#executorCall(node, signal))
  }

  #executorCall(node: ActiveNode, signal: AbortSignal): ExecutorCall {
    const { planned } = node
    const needs = this.#host.kinds.specs.get(planned.kind)?.needs ?? []
    const tools = needs.includes('tools') ? this.#owner.agentSteps(node, signal) : undefined
    const services = tools ? () => ({ ...this.#run.services(), tools }) : this.#run.services
    const scope = needs.includes('sandbox')
      ? this.#host.plans.sourceScope(planned, node.data, this.#scope(node))
      : undefined
    const parts = {
      node,
      signal,
      services: new GrantedServices(planned.kind, needs, services),
      progress: this.#host.progress,
      owner: this.#owner,
    }
    return scope ? Object.assign(new NodeCall(parts), { scope }) : new NodeCall(parts)
  }

  #scope(node: ActiveNode): Scope {
    const args = this.#args.get(node.path)
    return scopeOfNode(this.#owner.current(), node, { ...this.#surroundings(), ...(args && { args }) })
  }

  #surroundings(): { env: JsonObject; now: string } {
    return { env: this.#run.env, now: isoTime(this.#host.clock.now()) }
  }

  #isIdempotent(node: ActiveNode): boolean {
    if (node.call?.what.type === 'model') return true
    if (node.planned.policy?.idempotent !== undefined) return node.planned.policy.idempotent
    const declared = this.#host.kinds.specs.get(node.planned.kind)?.idempotent ?? false
    return typeof declared === 'boolean' ? declared : declared(isJsonObject(node.data) ? node.data : {})
  }

  #cacheKey(node: ActiveNode): string | undefined {
    if (node.planned.policy?.cacheMs === undefined || node.call) return undefined
    const needs = this.#host.kinds.specs.get(node.planned.kind)?.needs ?? []
    const scope = needs.includes('sandbox')
      ? this.#host.plans.sourceScope(node.planned, node.data, this.#scope(node))
      : null
    return sha256(JSON.stringify([node.planned.kind, node.planned.version, node.data, scope]))
  }

  #findCached(node: ActiveNode): EventBody | undefined {
    const key = this.#cacheKey(node)
    if (key === undefined) return undefined
    const found = this.#host.cache.findCached(key, this.#host.clock.now() - (node.planned.policy?.cacheMs ?? 0))
    if (found?.type !== 'node.finished') return undefined
    return {
      type: 'node.finished',
      node: node.path,
      visit: node.visit,
      port: found.port,
      output: found.output,
      source: 'cache',
    }
  }

  #forgetCall(path: string): void {
    this.#turns.delete(path)
    this.#args.delete(path)
  }
}

function noList(): NodeFailure {
  return new NodeFailure('bad-items', 'The items of "each" must be a list.', {
    details: { field: 'policy.each.items' },
  })
}

/** When a wait that starts now ends, in milliseconds since 1970. EXECUTION.md 7.1. */
function waitEnd(data: Json, now: number): number {
  const { for: duration, until } = isJsonObject(data) ? data : {}
  const end =
    duration !== undefined && duration !== null ? now + toMs(duration, parseDuration) : toMs(until, Date.parse)
  if (Number.isFinite(end)) return Math.min(end, 8.64e15)
  throw new NodeFailure('bad-setting', 'A wait needs "for" as a duration such as 30s, or "until" as a point in time.')
}

function toMs(value: Json | undefined, parse: (text: string) => number | undefined): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' ? (parse(value) ?? Number.NaN) : Number.NaN
}
