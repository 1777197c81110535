import {
  setup,
  type ActorLogic,
  type AnyActorScope,
  type AnyMachineSnapshot,
  type EventObject,
  type Snapshot,
} from 'xstate'
import type { FlowMachine, ScopeMachine } from '../compile/machine.ts'
import { emptyLedger, LedgerStep, type Ledger, type LedgerCommand } from './ledger.ts'
import { firstEntry, scopePlan, type ScopePlan } from './scopePlan.ts'

/** A scope's machine ready to step, with the plan behind it. */
export interface TokenMachine {
  readonly plan: ScopePlan
  readonly logic: TokenLogic
}

/** What is used of an XState machine here; its own types know neither context nor events of a machine made from JSON. */
export interface TokenLogic {
  getInitialSnapshot(scope: AnyActorScope, input: { readonly trigger?: string }): AnyMachineSnapshot
  transition(snapshot: AnyMachineSnapshot, event: TokenMachineEvent, scope: AnyActorScope): AnyMachineSnapshot
}

/** What a scope's machine is told. */
export type TokenMachineEvent =
  | { readonly type: 'xstate.init'; readonly input: { readonly trigger?: string } }
  | ({ readonly type: NodeEventType } & NodeEnd)
  | { readonly type: `done ${string}` | 'SCOPE.RETURN' }

export type NodeEventType = `xstate.done.actor.${string}` | `xstate.error.actor.${string}` | 'NODE.DONE'

/** A visit of a node has ended, in whatever form its state waits for it. */
export interface NodeEnd {
  readonly node: number
  readonly visit: number
  readonly output: { readonly port: string }
}

const machines = new WeakMap<ScopeMachine, TokenMachine>()

/** The XState machine of the root scope, or of a container's body; made once per compiled machine. */
export function tokenMachine(flow: FlowMachine, container?: string): TokenMachine {
  const config = container === undefined ? flow : flow.meta.switchyard.scopes[container]
  if (!config) throw new TypeError(`The machine has no scope "${String(container)}".`)
  let machine = machines.get(config)
  if (!machine) {
    const kinds = new Set(Object.values(flow.meta.switchyard.nodes).map((node) => node.kind))
    const plan = scopePlan(config.meta.tokens)
    machine = { plan, logic: stateMachine(config, plan, kinds) }
    machines.set(config, machine)
  }
  return machine
}

/** Stands for a running node: the run's own executors do the work, the machine only knows that it is under way. */
const underWay: ActorLogic<Snapshot<undefined>, EventObject> = {
  transition: (snapshot) => snapshot,
  getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
  getPersistedSnapshot: (snapshot) => snapshot,
}

/** What all machines share: their types, an actor per kind, and the action that only says what to do. */
function basics(kinds: ReadonlySet<string>) {
  return setup({
    types: { context: {} as Ledger, events: {} as TokenMachineEvent },
    actors: Object.fromEntries([...kinds].map((kind) => [kind, underWay])),
    // Whoever steps the machine carries it out.
    actions: { command: (_, _command: LedgerCommand) => undefined },
  })
}

type Basics = ReturnType<typeof basics>
type Enqueue = Parameters<Parameters<Basics['enqueueActions']>[0]>[0]['enqueue']

function conclude(step: LedgerStep, enqueue: Enqueue): void {
  for (const command of step.commands) enqueue({ type: 'command', params: command })
  enqueue.assign(step.done())
  for (const state of step.doneBlocks) enqueue.raise({ type: `done ${state}` })
  if (step.hasReturned) enqueue.raise({ type: 'SCOPE.RETURN' })
}

function stateMachine(config: ScopeMachine, plan: ScopePlan, kinds: ReadonlySet<string>): TokenLogic {
  const base = basics(kinds)
  const machine = base.extend({
    actions: {
      begin: base.enqueueActions(({ event, enqueue }) => {
        const step = new LedgerStep(plan, emptyLedger(plan, config.context?.inDegrees))
        step.begin(triggerOf(event))
        conclude(step, enqueue)
      }),
      settle: base.enqueueActions(({ context, event, enqueue }) => {
        if (!('node' in event)) return
        const step = new LedgerStep(plan, context)
        step.finish(event.node, event.visit, event.output.port)
        conclude(step, enqueue)
      }),
    },
    guards: {
      fired: ({ event }, { node }: { node: string }) => firstEntry(plan, triggerOf(event)) === plan.numbers.get(node),
      port: ({ event }, { name }: { name: string }) => 'output' in event && event.output.port === name,
      ready: ({ context }, { node }: { node: string }) =>
        new LedgerStep(plan, context).token(plan.numbers.get(node) ?? -1).status === 'running',
    },
  })
  function triggerOf(event: TokenMachineEvent): number | undefined {
    const trigger = event.type === 'xstate.init' && 'input' in event ? event.input.trigger : undefined
    return trigger === undefined ? undefined : plan.numbers.get(trigger)
  }

  return machine.createMachine(config as never) as unknown as TokenLogic
}
