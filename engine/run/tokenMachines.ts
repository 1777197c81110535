import { setup, type AnyStateMachine } from 'xstate'
import type { FlowMachine, ScopeMachine } from '../compile/machine.ts'
import { emptyLedger, LedgerStep, type Ledger, type LedgerCommand } from './ledger.ts'
import { scopePlan, type ScopePlan } from './scopePlan.ts'

/** A scope's machine ready to step, with the plan behind it. */
export interface TokenMachine {
  readonly plan: ScopePlan
  readonly logic: AnyStateMachine
}

export type TokenMachineEvent =
  | { readonly type: 'xstate.init'; readonly input?: { readonly trigger?: string } }
  | { readonly type: 'NODE.DONE'; readonly node: number; readonly port: string }
  | { readonly type: 'SCOPE.DONE' }

const machines = new WeakMap<ScopeMachine, TokenMachine>()

/** The XState machine of the root scope, or of a container's body; made once per compiled machine. */
export function tokenMachine(flow: FlowMachine, container?: string): TokenMachine {
  const config = container === undefined ? flow : flow.meta.switchyard.scopes[container]
  if (!config) throw new TypeError(`The machine has no scope "${String(container)}".`)
  let machine = machines.get(config)
  if (!machine) {
    const plan = scopePlan(config.meta.tokens)
    machine = { plan, logic: stateMachine(config, plan) }
    machines.set(config, machine)
  }
  return machine
}

/** The actions that only say what to do: whoever steps the machine carries them out. */
const commands = setup({
  types: { context: {} as Ledger, events: {} as TokenMachineEvent },
  actions: { command: (_, _command: LedgerCommand) => undefined },
})

function stateMachine(config: ScopeMachine, plan: ScopePlan): AnyStateMachine {
  const machine = commands.extend({
    actions: {
      begin: commands.enqueueActions(({ event, enqueue }) => {
        const step = new LedgerStep(plan, emptyLedger(plan))
        const trigger = event.type === 'xstate.init' ? event.input?.trigger : undefined
        step.begin(trigger === undefined ? undefined : plan.numbers.get(trigger))
        for (const command of step.commands) enqueue({ type: 'command', params: command })
        enqueue.assign(step.done())
        if (step.isOver) enqueue.raise({ type: 'SCOPE.DONE' })
      }),
      settle: commands.enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'NODE.DONE') return
        const step = new LedgerStep(plan, context)
        step.finish(event.node, event.port)
        for (const command of step.commands) enqueue({ type: 'command', params: command })
        enqueue.assign(step.done())
        if (step.isOver) enqueue.raise({ type: 'SCOPE.DONE' })
      }),
    },
  })
  return machine.createMachine(config as never) as unknown as AnyStateMachine
}
