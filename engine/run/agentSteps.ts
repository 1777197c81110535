import { Validator } from '@cfworker/json-schema'
import type { AgentCall, EventBody, Usage } from '../../model/events.ts'
import { NodeFailure, type Failure } from '../../model/failure.ts'
import type { Json, JsonObject, JsonSchema } from '../../model/json.ts'
import type { FlowMachine, PlannedNode } from '../compile/machine.ts'
import type { EngineKinds } from '../kinds.ts'
import type { AgentSteps, Tool } from '../sdk/executor.ts'
import { failureOf } from './failures.ts'
import type { NodeRunner } from './nodeRunner.ts'
import type { ActiveNode, CallRecord, RunState } from './state.ts'

/** What the steps need of the run. */
export interface StepsOwner {
  /** The state as it stands now. */
  current(): RunState
  readonly machine: FlowMachine
  record(body: EventBody): void
  /** Runs an effect again whose intent stands from before a crash. */
  runAgain(node: ActiveNode): void
  /** Calls back once the step at this path has ended. */
  onCallEnded(path: string, callback: () => void): void
}

type ToolCall = Extract<AgentCall, { type: 'tool' }>
type ModelCall = Extract<AgentCall, { type: 'model' }>

const noArguments: JsonSchema = { type: 'object', properties: {}, additionalProperties: false }

/**
 * The journaled steps of one agent's visit. Steps are numbered as they are asked for; an agent that runs again after a
 * crash asks for the same ones in the same order and gets what is recorded. EXECUTION.md 6.3, 8.2.
 */
export class JournaledSteps implements AgentSteps {
  readonly tools: readonly Tool[]
  readonly #agent: ActiveNode
  readonly #owner: StepsOwner
  readonly #runner: NodeRunner
  readonly #signal: AbortSignal
  #count = 0

  constructor(agent: ActiveNode, owner: StepsOwner, runner: NodeRunner, kinds: EngineKinds, signal: AbortSignal) {
    this.#agent = agent
    this.#owner = owner
    this.#runner = runner
    this.#signal = signal
    this.tools = (agent.planned.supplies?.['tools'] ?? []).map((id) => toolOf(id, this.#planned(id), kinds))
  }

  async callTool(
    call: ToolCall,
    args: JsonObject,
  ): Promise<{ output: Json } | { error: { code: string; message: string } }> {
    const { path, number } = this.#nextStep()
    const known = this.#recorded(number, call)
    const result = known ?? (await this.#runTool(path, number, call, args))
    return 'output' in result ? result : { error: { code: result.error.code, message: result.error.message } }
  }

  async modelTurn<T extends Json>(call: ModelCall, turn: () => Promise<{ output: T; usage?: Usage }>): Promise<T> {
    const { path, number } = this.#nextStep()
    const known = this.#recorded(number, call)
    const result = known && 'output' in known ? known : await this.#runTurn(path, number, call, turn)
    // The recorded output is what an equal turn gave before; its shape is the caller's own.
    if ('output' in result) return result.output as T
    throw thrown(result.error)
  }

  #nextStep(): { path: string; number: number } {
    const number = ++this.#count
    return { path: `${this.#agent.path}/call${String(number)}`, number }
  }

  #recorded(number: number, call: AgentCall): CallRecord['result'] | undefined {
    const known = this.#agent.calls?.get(number)
    if (!known) return undefined
    if (isSameCall(known.what, call)) return known.result
    throw new Error(`step ${String(number)} of ${this.#agent.path} differs from the one on record`)
  }

  async #runTool(path: string, number: number, call: ToolCall, args: JsonObject): Promise<CallRecord['result']> {
    const planned = this.#planned(call.tool)
    const isUnderWay = this.#owner.current().active.has(path)
    const place = { node: path, visit: this.#agent.visit }
    const problem = problemWith(args, planned.params ?? noArguments)
    if (problem !== undefined)
      return this.#refuse(place, call, new NodeFailure('bad-arguments', `The arguments do not fit: ${problem}`))
    try {
      const data = await this.#runner.evaluateCall(this.#agent, path, planned, args, this.#signal)
      return await this.#drive(path, number, isUnderWay, { type: 'node.started', ...place, call, data })
    } catch (error) {
      if (this.#signal.aborted || !(error instanceof NodeFailure)) throw error
      return this.#refuse(place, call, error)
    }
  }

  /** Settings that cannot be evaluated are the step's failure, for the model to read. */
  #refuse(place: { node: string; visit: number }, call: ToolCall, failure: NodeFailure): CallRecord['result'] {
    this.#owner.record({ type: 'node.started', ...place, call })
    const step = this.#owner.current().active.get(place.node)
    const error = failureOf(failure, step ?? this.#agent)
    this.#owner.record({ type: 'node.failed', ...place, error })
    return { error }
  }

  #runTurn(
    path: string,
    number: number,
    call: ModelCall,
    turn: () => Promise<{ output: Json; usage?: Usage }>,
  ): Promise<CallRecord['result']> {
    this.#runner.setTurn(path, turn)
    const isUnderWay = this.#owner.current().active.has(path)
    return this.#drive(path, number, isUnderWay, { type: 'node.started', node: path, visit: this.#agent.visit, call })
  }

  /** Starts the step, or goes on with one that a crash interrupted, and waits for its end. */
  #drive(path: string, number: number, isUnderWay: boolean, started: EventBody): Promise<CallRecord['result']> {
    return new Promise((resolve, reject) => {
      this.#signal.addEventListener('abort', () => reject(abortReason(this.#signal)), { once: true })
      this.#owner.onCallEnded(path, () => {
        const end = this.#agent.calls?.get(number)
        if (end) resolve(end.result)
        else reject(new NodeFailure('cancelled', 'The step was cancelled.'))
      })
      const step = isUnderWay ? this.#owner.current().active.get(path) : undefined
      if (step) this.#owner.runAgain(step)
      else this.#owner.record(started)
    })
  }

  #planned(id: string): PlannedNode {
    const { nodes } = this.#owner.machine.meta.switchyard
    const planned = Object.hasOwn(nodes, id) ? nodes[id] : undefined
    if (!planned) throw new NodeFailure('unknown-tool', `There is no tool "${id}".`)
    return planned
  }
}

function toolOf(name: string, planned: PlannedNode, kinds: EngineKinds): Tool {
  const description = planned.label ?? kinds.specs.get(planned.kind)?.palette.summary ?? name
  return { name, description, parameters: planned.params ?? noArguments }
}

/** Why arguments do not fit a tool's `params`; undefined where they do. */
function problemWith(args: JsonObject, params: JsonSchema): string | undefined {
  const { valid, errors } = new Validator(params, '2020-12', true).validate(args)
  return valid ? undefined : (errors.at(-1)?.error ?? 'they are not what the tool takes')
}

function isSameCall(a: AgentCall, b: AgentCall): boolean {
  if (a.type === 'model' || b.type === 'model') return a.type === b.type && a.turn === b.turn
  return a.tool === b.tool && a.turn === b.turn && a.callId === b.callId
}

function thrown({ code, message, retryable, details }: Failure): NodeFailure {
  return new NodeFailure(code, message, { retryable, ...(details !== undefined && { details }) })
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new NodeFailure('cancelled', 'The step was cancelled.')
}
