import {
  createActor,
  fromPromise,
  setup,
  toPromise,
  type AnyActorLogic,
  type AnyStateMachine,
  type PromiseActorLogic,
} from 'xstate'
import { emptyLedger, LedgerStep, type Ledger, type LedgerCommand } from './ledger.ts'
import { runBody, type BodyEnd, type BodyStart } from './standaloneBody.ts'
import {
  runStandaloneNode,
  type StandaloneClock,
  type StandaloneNode,
  type StandaloneResult,
  type StandaloneScope,
} from './standaloneNode.ts'
import type { ScopeTokens } from '../compile/scopeTokens.ts'
import { firstEntry, scopePlan, type ScopePlan } from './scopePlan.ts'

/**
 * Runs an exported flow as one XState machine, without the engine: no journal, no resume. This file and those it
 * imports are the fixed part of what `exportTypeScript` writes, so they depend on `xstate` alone.
 */

/** A flow's machine as compiled, and its nodes with their expressions as functions. */
export interface StandaloneFlow {
  readonly config: { readonly id: string; readonly initial: string; readonly states: object; readonly on?: object }
  readonly tokens: ScopeTokens
  readonly nodes: Readonly<Record<string, StandaloneNode>>
  /** Bodies of containers, by the container's id. */
  readonly bodies: Readonly<Record<string, Pick<StandaloneFlow, 'config' | 'tokens'>>>
  readonly clock: StandaloneClock
}

interface FlowContext {
  readonly ledger: Ledger
  readonly input: unknown
  readonly values: Readonly<
    Record<string, { readonly output?: unknown; readonly error?: unknown; readonly visits: number }>
  >
  readonly vars: Readonly<Record<string, unknown>>
  /** What leads to the visit that starts: node ids; absent where it is the node that ended last. */
  readonly before: Readonly<Record<string, readonly string[]>>
  readonly last: string | undefined
  readonly exceeded: readonly string[]
  readonly startedAt: string
  /** `prev` of the nodes that start first. */
  readonly entry: unknown
  readonly item?: unknown
  readonly index?: number
}

/** What a scope's machine begins with: the flow's input, or what a body sees of its surroundings. */
type ScopeStart = Pick<FlowContext, 'input' | 'values' | 'startedAt'> & BodyStart

type FlowEvent =
  | { readonly type: 'xstate.init'; readonly input?: unknown }
  | { readonly type: `xstate.done.actor.${string}`; readonly output: StandaloneResult }
  | { readonly type: `xstate.error.actor.${string}`; readonly error: unknown }
  | { readonly type: `done ${string}` | 'SCOPE.RETURN' }

type NodeLogic = PromiseActorLogic<StandaloneResult, NodeInput>

/** What a node's actor is given when its state is entered. */
interface NodeInput {
  readonly id: string
  readonly prev: unknown
  readonly scope: StandaloneScope
  /** What a body sees of the scope around it. */
  readonly outer: Omit<ScopeStart, 'entry'>
  readonly exceeds: boolean
}

/**
 * Makes the machine of a flow. `actors` holds one actor per effect kind; its input is a `StandaloneCall`, its output a
 * `StandaloneResult`. Run it with `createActor(machine, { input })`; its output is the flow's result.
 */
export function createStandalone(
  flow: StandaloneFlow,
  actors: Readonly<Record<string, AnyActorLogic>>,
): AnyStateMachine {
  const values = Object.fromEntries(Object.keys(flow.nodes).map((id) => [id, { visits: 0 }]))
  const start = (input: unknown): ScopeStart => {
    const given = input ?? {}
    return { input: given, entry: given, values, vars: {}, startedAt: new Date().toISOString() }
  }
  return createScope(flow, actors, start, (plan, context) => resultOf(plan, context))
}

function createScope(
  flow: StandaloneFlow,
  actors: Readonly<Record<string, AnyActorLogic>>,
  start: (input: unknown) => ScopeStart,
  output: (plan: ScopePlan, context: FlowContext) => unknown,
): AnyStateMachine {
  const plan = scopePlan(flow.tokens)
  const base = setup({
    types: { context: {} as FlowContext, events: {} as FlowEvent },
    actors: { node: nodeLogic(flow, actors) },
  })
  const machine = base.extend({
    actions: {
      begin: base.enqueueActions(({ context, enqueue }) => {
        const step = new LedgerStep(plan, emptyLedger(plan))
        step.begin(undefined)
        apply(step, context, enqueue)
      }),
      record: base.assign(({ context, event }) => recordEnd(context, event)),
      settle: base.enqueueActions(({ context, event, enqueue }) => {
        const ended = nodeOf(event)
        if (ended === undefined) return
        const step = new LedgerStep(plan, context.ledger)
        const number = plan.numbers.get(ended) ?? -1
        step.finish(number, step.token(number).visits, portOf(event))
        apply(step, context, enqueue)
        if (plan.nodes[number]?.isInBlock === true) enqueue.stopChild(ended)
      }),
    },
    guards: {
      fired: (_, { node }: { node: string }) => firstEntry(plan, undefined) === plan.numbers.get(node),
      port: ({ event }, { name }: { name: string }) => portOf(event) === name,
      ready: ({ context }, { node }: { node: string }) =>
        new LedgerStep(plan, context.ledger).token(plan.numbers.get(node) ?? -1).status === 'running',
    },
  })

  type Enqueue = Parameters<Parameters<typeof base.enqueueActions>[0]>[0]['enqueue']
  function apply(step: LedgerStep, context: FlowContext, enqueue: Enqueue): void {
    const starts = step.commands.filter((command) => command.type === 'start' || command.type === 'exceed')
    const next = { ...context, ...startsOf(plan, context, starts), ledger: step.done() }
    enqueue.assign(next)
    for (const command of step.commands) {
      const { id = '', isInBlock = false } = plan.nodes[command.node] ?? {}
      if (!isInBlock) continue
      if (command.type === 'start' || command.type === 'exceed')
        enqueue.spawnChild('node', { id, input: inputOf(next, id) })
      else if (command.type === 'cancel') enqueue.stopChild(id)
    }
    for (const state of step.doneBlocks) enqueue.raise({ type: `done ${state}` })
    if (step.hasReturned) enqueue.raise({ type: 'SCOPE.RETURN' })
  }

  return machine.createMachine({
    ...runnable(flow.config),
    context: ({ input }: { input: unknown }) => firstContext(plan, start(input)),
    output: ({ context }: { context: FlowContext }) => output(plan, context),
  } as never) as unknown as AnyStateMachine
}

/** Runs any node: a pure kind here, a container's body as a machine, an effect kind in the actor that the caller gave. */
function nodeLogic(flow: StandaloneFlow, actors: Readonly<Record<string, AnyActorLogic>>): NodeLogic {
  const bodies = new Map<string, AnyStateMachine>()
  return fromPromise(async ({ input, signal }) => {
    const node = flow.nodes[input.id]
    if (!node) throw new Error(`the flow has no node ${input.id}`)
    return runStandaloneNode(node, { ...input, signal, clock: flow.clock }, async ({ data, prev, ...call }) => {
      if (node.iterates === undefined) {
        const logic = actors[node.kind]
        if (!logic) throw new Error(`createFlow needs an actor for the kind "${node.kind}"`)
        return (await runActor(logic, { ...call, data, prev }, signal)) as StandaloneResult
      }
      const machine = bodies.get(input.id) ?? createBody(flow, input.id, actors)
      bodies.set(input.id, machine)
      const run = async (start: BodyStart): Promise<BodyEnd> =>
        (await runActor(machine, { ...input.outer, ...start }, signal)) as BodyEnd
      const { scope } = input
      return runBody({ id: input.id, node, data: data as BodyEnd['vars'], prev, scope, vars: input.outer.vars, run })
    })
  })
}

async function runActor(logic: AnyActorLogic, input: unknown, signal: AbortSignal): Promise<unknown> {
  const actor = createActor(logic, { input })
  signal.addEventListener('abort', () => actor.stop())
  const end = toPromise(actor)
  actor.start()
  return end
}

/** A body reads the nodes outside, has its own values inside, and ends with its variables beside its result. */
function createBody(
  flow: StandaloneFlow,
  id: string,
  actors: Readonly<Record<string, AnyActorLogic>>,
): AnyStateMachine {
  const body = flow.bodies[id]
  if (!body) throw new Error(`the flow has no body ${id}`)
  const own = Object.fromEntries(body.tokens.nodes.map((node) => [node, { visits: 0 }]))
  const start = (input: unknown): ScopeStart => {
    const given = input as ScopeStart
    return { ...given, values: { ...given.values, ...own } }
  }
  const output = (plan: ScopePlan, context: FlowContext): BodyEnd => ({
    result: resultOf(plan, context),
    vars: context.vars,
  })
  return createScope({ ...flow, ...body }, actors, start, output)
}

function firstContext(plan: ScopePlan, start: ScopeStart): FlowContext {
  return { ...start, ledger: emptyLedger(plan), before: {}, last: undefined, exceeded: [] }
}

/** The compiled states with what only a running actor needs: inputs, and every result recorded. */
function runnable(config: StandaloneFlow['config']): object {
  return withActions({ ...config, entry: 'begin' }) as object
}

function withActions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withActions)
  if (typeof value !== 'object' || value === null) return value
  const result: Record<string, unknown> = {}
  for (const [key, part] of Object.entries(value)) {
    if (key === 'invoke') result[key] = invokeOf(part as { id: string })
    else if (key === 'NODE.DONE')
      Object.assign(result, {
        'xstate.done.actor.*': { actions: ['record', 'settle'] },
        'xstate.error.actor.*': { actions: ['record', 'settle'] },
      })
    else result[key] = withActions(part)
  }
  return result
}

function invokeOf(invoke: { readonly id: string; readonly onDone?: unknown; readonly onError?: unknown }): object {
  const input = ({ context }: { context: FlowContext }): NodeInput => inputOf(context, invoke.id)
  const recorded = (transition: unknown): unknown =>
    Array.isArray(transition) ? transition.map(recordFirst) : recordFirst(transition)
  return {
    ...invoke,
    src: 'node',
    input,
    onDone: recorded(invoke.onDone),
    ...(invoke.onError !== undefined && { onError: recorded(invoke.onError) }),
  }
}

function recordFirst(transition: unknown): object {
  const { actions, ...rest } = transition as { actions?: string }
  return { ...rest, actions: actions === undefined ? ['record'] : ['record', actions] }
}

function startsOf(
  plan: ScopePlan,
  context: FlowContext,
  starts: readonly LedgerCommand[],
): Pick<FlowContext, 'before' | 'exceeded'> {
  const before = { ...context.before }
  const idOf = (node: number): string => plan.ids[node] ?? ''
  for (const command of starts) {
    if (command.type !== 'start' && command.type !== 'exceed') continue
    before[idOf(command.node)] = [...new Set(command.prev.map((edge) => edge.from))].sort((a, b) => a - b).map(idOf)
  }
  return {
    before,
    exceeded: starts.filter((command) => command.type === 'exceed').map((command) => idOf(command.node)),
  }
}

function inputOf(context: FlowContext, id: string): NodeInput {
  const prev = prevOf(context, id)
  const { values, vars, input, startedAt, item, index } = context
  const now = new Date().toISOString()
  const around = { ...(item !== undefined && { item }), ...(index !== undefined && { index }) }
  return {
    id,
    prev,
    scope: { input, nodes: values, prev, vars, run: { id: 'standalone', startedAt }, env: {}, now, ...around },
    outer: { input, values, vars, startedAt, ...around },
    exceeds: context.exceeded.includes(id),
  }
}

function prevOf(context: FlowContext, id: string): unknown {
  const before = context.before[id] ?? (context.last === undefined ? [] : [context.last])
  const valueOf = (node: string): unknown => {
    const value = context.values[node]
    return value?.error ?? value?.output ?? null
  }
  const [only] = before
  if (only === undefined) return context.entry
  return before.length === 1 ? valueOf(only) : Object.fromEntries(before.map((node) => [node, valueOf(node)]))
}

function recordEnd(context: FlowContext, event: FlowEvent): Partial<FlowContext> {
  const id = nodeOf(event)
  if (id === undefined) return {}
  const visits = (context.values[id]?.visits ?? 0) + 1
  if ('error' in event) return { values: { ...context.values, [id]: { error: event.error, visits } }, last: id }
  const { output, vars } = 'output' in event ? event.output : {}
  return {
    values: { ...context.values, [id]: { output: output ?? null, visits } },
    vars: { ...context.vars, ...vars },
    last: id,
  }
}

/** The result of the flow: of the `return` that ended it, else of its leaves. */
function resultOf(plan: ScopePlan, context: FlowContext): unknown {
  const outputOf = (node: number): unknown => context.values[plan.ids[node] ?? '']?.output ?? null
  const { returned } = context.ledger
  if (returned !== undefined) return outputOf(returned)
  const leaves = new LedgerStep(plan, context.ledger).leaves()
  const [only] = leaves
  if (only === undefined) return null
  return leaves.length === 1
    ? outputOf(only)
    : Object.fromEntries(leaves.map((leaf) => [plan.ids[leaf] ?? '', outputOf(leaf)]))
}

function nodeOf(event: FlowEvent): string | undefined {
  return /^xstate\.(?:done|error)\.actor\.(.+)$/.exec(event.type)?.[1]
}

function portOf(event: FlowEvent): string {
  if ('error' in event) return 'error'
  return 'output' in event ? (event.output.port ?? 'out') : 'out'
}
