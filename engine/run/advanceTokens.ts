import { createActor, setup, type AnyActorScope, type AnyMachineSnapshot } from 'xstate'
import type { FlowMachine } from '../compile/machine.ts'
import { LedgerStep, type Ledger, type LedgerCommand } from './ledger.ts'
import type { PlanEdge, ScopePlan } from './scopePlan.ts'
import { tokenMachine } from './tokenMachines.ts'
import type { Predecessor, TokenCommand, TokenEvent, TokenState } from './tokens.ts'

/** The state before the first event. */
export const noTokens: TokenState = { scopes: {} }

export interface TokenStep {
  readonly state: TokenState
  readonly commands: readonly TokenCommand[]
}

type EventOf<T extends TokenEvent['type']> = Extract<TokenEvent, { type: T }>

/**
 * Moves a run's tokens by one event. Pure: equal states and events give equal results, and neither is changed. The
 * XState machines of `machine` decide; an event that comes too late (its scope has ended, its node was cancelled or
 * has gone on to another visit) changes nothing. Throws a TypeError where the event names what the machine has not.
 */
export function advanceTokens(machine: FlowMachine, state: TokenState, event: TokenEvent): TokenStep {
  if (event.type === 'open') return open(machine, state, event)
  if (event.type === 'finished') return finish(machine, state, event)
  const commands: TokenCommand[] = []
  const scopes = closeScope(machine, { ...state.scopes }, event.scope, commands)
  return { state: { scopes }, commands }
}

function open(machine: FlowMachine, state: TokenState, event: EventOf<'open'>): TokenStep {
  const { logic, plan } = tokenMachine(machine, event.container)
  const { scope, commands } = recorder()
  const snapshot: AnyMachineSnapshot = logic.getInitialSnapshot(scope, { trigger: event.trigger })
  return conclude({ machine, state, path: event.scope, plan, snapshot, commands })
}

function finish(machine: FlowMachine, state: TokenState, event: EventOf<'finished'>): TokenStep {
  const path = scopeOf(event.node)
  const before = state.scopes[path]
  if (!before) return { state, commands: [] }
  const { logic, plan } = machineOf(machine, path)
  const node = plan.numbers.get(event.node.slice(path === '' ? 0 : path.length + 1))
  if (node === undefined) throw new TypeError(`The machine has no node "${event.node}".`)
  const token = new LedgerStep(plan, ledgerOf(before)).token(node)
  if (token.status !== 'running' || token.visits !== event.visit) return { state, commands: [] }
  const { scope, commands } = recorder()
  const snapshot: AnyMachineSnapshot = logic.transition(before, { type: 'NODE.DONE', node, port: event.port }, scope)
  return conclude({ machine, state, path, plan, snapshot, commands })
}

interface Conclusion {
  readonly machine: FlowMachine
  readonly state: TokenState
  readonly path: string
  readonly plan: ScopePlan
  readonly snapshot: AnyMachineSnapshot
  readonly commands: readonly LedgerCommand[]
}

function conclude({ machine, state, path, plan, snapshot, commands }: Conclusion): TokenStep {
  if (snapshot.status === 'error') throw snapshot.error
  const scopes: Record<string, AnyMachineSnapshot> = { ...state.scopes, [path]: snapshot }
  const result: TokenCommand[] = []
  const inOrder = [...commands].sort((a, b) => rank[a.type] - rank[b.type] || a.node - b.node)
  for (const command of inOrder) {
    if (command.type === 'cancel') closeInside(machine, scopes, nodePath(path, plan.ids[command.node] ?? ''), result)
    result.push(tokenCommand(path, plan, command))
  }
  if (snapshot.status === 'done') {
    Reflect.deleteProperty(scopes, path)
    result.push(ended(path, plan, ledgerOf(snapshot)))
  }
  return { state: { scopes }, commands: result }
}

const rank = { cancel: 0, skip: 1, exceed: 2, start: 2 } as const

function tokenCommand(path: string, plan: ScopePlan, command: LedgerCommand): TokenCommand {
  const node = nodePath(path, plan.ids[command.node] ?? '')
  if (command.type === 'start') return { type: 'start', node, visit: command.visit, prev: predecessors(path, plan, command.prev) }
  return command.type === 'skip' ? { type: 'skip', node } : { type: command.type, node, visit: command.visit }
}

/** Each node once, in file order. */
function predecessors(path: string, plan: ScopePlan, edges: readonly PlanEdge[]): Predecessor[] {
  if (edges.length === 1) return edges.map((edge) => ({ node: nodePath(path, plan.ids[edge.from] ?? ''), port: edge.port }))
  const ports = new Map(edges.map((edge) => [edge.from, edge.port]))
  return [...ports].sort(([a], [b]) => a - b).map(([from, port]) => ({ node: nodePath(path, plan.ids[from] ?? ''), port }))
}

function ended(path: string, plan: ScopePlan, ledger: Ledger): TokenCommand {
  const pathOf = (node: number): string => nodePath(path, plan.ids[node] ?? '')
  if (ledger.returned !== undefined) return { type: 'ended', scope: path, returned: pathOf(ledger.returned), leaves: [] }
  return { type: 'ended', scope: path, leaves: new LedgerStep(plan, ledger).leaves().map(pathOf) }
}

/** Drops a scope and all that are open inside it; says what is cancelled, from the inside out. */
function closeScope(machine: FlowMachine, scopes: Record<string, AnyMachineSnapshot>, path: string, commands: TokenCommand[]): Record<string, AnyMachineSnapshot> {
  const snapshot = scopes[path]
  if (!snapshot) return scopes
  const { plan } = machineOf(machine, path)
  const step = new LedgerStep(plan, ledgerOf(snapshot))
  step.cancelAll()
  for (const command of step.commands) {
    closeInside(machine, scopes, nodePath(path, plan.ids[command.node] ?? ''), commands)
    commands.push(tokenCommand(path, plan, command))
  }
  Reflect.deleteProperty(scopes, path)
  return scopes
}

/** Closes the bodies that run inside a container. */
function closeInside(machine: FlowMachine, scopes: Record<string, AnyMachineSnapshot>, node: string, commands: TokenCommand[]): void {
  const isContainer = Object.hasOwn(machine.meta.switchyard.scopes, node.slice(node.lastIndexOf('/') + 1))
  if (!isContainer) return
  const inside = Object.keys(scopes).filter((path) => path.startsWith(`${node}[`) && !path.includes('/', node.length))
  for (const path of inside) closeScope(machine, scopes, path, commands)
}

function machineOf(machine: FlowMachine, path: string): ReturnType<typeof tokenMachine> {
  if (path === '') return tokenMachine(machine)
  const last = path.slice(path.lastIndexOf('/') + 1)
  return tokenMachine(machine, last.slice(0, last.indexOf('[')))
}

function scopeOf(node: string): string {
  return node.slice(0, Math.max(0, node.lastIndexOf('/')))
}

function nodePath(scope: string, id: string): string {
  return scope === '' ? id : `${scope}/${id}`
}

function ledgerOf(snapshot: AnyMachineSnapshot): Ledger {
  return snapshot.context as Ledger
}

/** Stands for the actor that a machine would run in: nothing it wants executed is executed, commands are kept. */
const idle = createActor(setup({}).createMachine({}))

function recorder(): { scope: AnyActorScope; commands: LedgerCommand[] } {
  const commands: LedgerCommand[] = []
  return {
    commands,
    scope: {
      self: idle,
      id: idle.id,
      sessionId: idle.sessionId,
      system: idle.system,
      logger: () => undefined,
      defer: () => undefined,
      emit: () => undefined,
      stopChild: () => undefined,
      actionExecutor: (action) => {
        if (action.type === 'command') commands.push(action.params as LedgerCommand)
      },
    },
  }
}
