import { createActor, setup, type AnyActorScope, type AnyMachineSnapshot } from 'xstate'
import { errorPort } from '../../model/edges.ts'
import type { FlowMachine } from '../compile/machine.ts'
import { LedgerStep, type Ledger, type LedgerCommand } from './ledger.ts'
import type { PlanEdge, ScopePlan } from './scopePlan.ts'
import { tokenMachine, type NodeEventType } from './tokenMachines.ts'
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
  const { scope, commands, entered } = recorder()
  const snapshot: AnyMachineSnapshot = logic.getInitialSnapshot(
    scope,
    event.trigger === undefined ? {} : { trigger: event.trigger },
  )
  return conclude({ machine, state, path: event.scope, plan, snapshot, commands, entered })
}

function finish(machine: FlowMachine, state: TokenState, event: EventOf<'finished'>): TokenStep {
  const path = scopeOf(event.node)
  const before = state.scopes[path]
  if (!before) return { state, commands: [] }
  const { logic, plan } = machineOf(machine, path)
  const node = plan.numbers.get(event.node.slice(path === '' ? 0 : path.length + 1))
  if (node === undefined) throw new TypeError(`The machine has no node "${event.node}".`)
  if (!isUnderWay(plan, before, node, event.visit)) return { state, commands: [] }
  const { scope, commands, entered } = recorder()
  const output = { port: event.port }
  const snapshot: AnyMachineSnapshot = logic.transition(
    before,
    { type: eventType(plan, node, event.port), node, visit: event.visit, output },
    scope,
  )
  const ended = { node, port: event.port }
  return conclude({ machine, state, path, plan, snapshot, commands, entered, ended })
}

/** The event that the node's state waits for. */
function eventType(plan: ScopePlan, node: number, port: string): NodeEventType {
  const { id = '', isInBlock, out = [] } = plan.nodes[node] ?? {}
  if (isInBlock === true) return 'NODE.DONE'
  const isCaught = port === errorPort && out.some((edge) => edge.port === errorPort)
  return `xstate.${isCaught ? 'error' : 'done'}.actor.${id}`
}

function isUnderWay(plan: ScopePlan, snapshot: AnyMachineSnapshot, node: number, visit: number): boolean {
  const { isCounted, id = '' } = plan.nodes[node] ?? {}
  if (isCounted !== true) return visit === 1 && childrenOf(snapshot).includes(id)
  const token = new LedgerStep(plan, ledgerOf(snapshot)).token(node)
  return token.status === 'running' && token.visits === visit
}

interface Conclusion {
  readonly machine: FlowMachine
  readonly state: TokenState
  readonly path: string
  readonly plan: ScopePlan
  readonly snapshot: AnyMachineSnapshot
  readonly commands: readonly LedgerCommand[]
  /** Nodes whose states were entered. */
  readonly entered: readonly string[]
  /** The node that has ended. */
  readonly ended?: { readonly node: number; readonly port: string }
}

function conclude({ machine, state, path, plan, snapshot, commands, entered, ended }: Conclusion): TokenStep {
  if (snapshot.status === 'error') throw snapshot.error
  const scopes: Record<string, AnyMachineSnapshot> = { ...state.scopes, [path]: snapshot }
  const result: TokenCommand[] = []
  const inOrder = decided(plan, commands, entered, ended).sort((a, b) => rank[a.type] - rank[b.type] || a.node - b.node)
  for (const command of inOrder) {
    if (command.type === 'cancel') closeInside(machine, scopes, nodePath(path, plan.ids[command.node] ?? ''), result)
    result.push(tokenCommand(path, plan, command))
  }
  if (snapshot.status === 'done') {
    Reflect.deleteProperty(scopes, path)
    result.push(endOf(path, plan, ledgerOf(snapshot)))
  }
  return { state: { scopes }, commands: result }
}

/**
 * What the step has decided. A node with a state of its own starts because its state was entered; the ledger says which
 * visit it is and over which edges. Where it keeps no count, the node that ended is the one before.
 */
function decided(
  plan: ScopePlan,
  commands: readonly LedgerCommand[],
  entered: readonly string[],
  ended: Conclusion['ended'],
): LedgerCommand[] {
  const result: LedgerCommand[] = []
  const starts = new Map<number, LedgerCommand>()
  for (const command of commands) {
    const hasState = plan.nodes[command.node]?.isInBlock === false
    if (hasState && (command.type === 'start' || command.type === 'exceed')) starts.set(command.node, command)
    else result.push(command)
  }
  for (const id of entered) {
    const node = plan.numbers.get(id) ?? -1
    const edge = ended && plan.nodes[ended.node]?.out.find((out) => out.to === node && out.port === ended.port)
    result.push(starts.get(node) ?? { type: 'start', node, visit: 1, prev: edge ? [edge] : [] })
  }
  return result
}

const rank = { cancel: 0, skip: 1, exceed: 2, start: 2 } as const

function tokenCommand(path: string, plan: ScopePlan, command: LedgerCommand): TokenCommand {
  const node = nodePath(path, plan.ids[command.node] ?? '')
  if (command.type === 'start')
    return { type: 'start', node, visit: command.visit, prev: predecessors(path, plan, command.prev) }
  return command.type === 'skip' ? { type: 'skip', node } : { type: command.type, node, visit: command.visit }
}

/** Each node once, in file order. */
function predecessors(path: string, plan: ScopePlan, edges: readonly PlanEdge[]): Predecessor[] {
  if (edges.length === 1)
    return edges.map((edge) => ({ node: nodePath(path, plan.ids[edge.from] ?? ''), port: edge.port }))
  const ports = new Map(edges.map((edge) => [edge.from, edge.port]))
  return [...ports]
    .sort(([a], [b]) => a - b)
    .map(([from, port]) => ({ node: nodePath(path, plan.ids[from] ?? ''), port }))
}

function endOf(path: string, plan: ScopePlan, ledger: Ledger): TokenCommand {
  const pathOf = (node: number): string => nodePath(path, plan.ids[node] ?? '')
  if (ledger.returned !== undefined)
    return { type: 'ended', scope: path, returned: pathOf(ledger.returned), leaves: [] }
  return { type: 'ended', scope: path, leaves: new LedgerStep(plan, ledger).leaves().map(pathOf) }
}

/** Drops a scope and all that are open inside it; says what is cancelled, from the inside out. */
function closeScope(
  machine: FlowMachine,
  scopes: Record<string, AnyMachineSnapshot>,
  path: string,
  commands: TokenCommand[],
): Record<string, AnyMachineSnapshot> {
  const snapshot = scopes[path]
  if (!snapshot) return scopes
  const { plan } = machineOf(machine, path)
  const step = new LedgerStep(plan, ledgerOf(snapshot))
  step.cancelAll()
  const uncounted = childrenOf(snapshot).flatMap((id): LedgerCommand[] => {
    const node = plan.numbers.get(id)
    return node === undefined || plan.nodes[node]?.isCounted === true ? [] : [{ type: 'cancel', node, visit: 1 }]
  })
  for (const command of [...step.commands, ...uncounted]) {
    closeInside(machine, scopes, nodePath(path, plan.ids[command.node] ?? ''), commands)
    commands.push(tokenCommand(path, plan, command))
  }
  Reflect.deleteProperty(scopes, path)
  return scopes
}

/** Closes the bodies that run inside a container. */
function closeInside(
  machine: FlowMachine,
  scopes: Record<string, AnyMachineSnapshot>,
  node: string,
  commands: TokenCommand[],
): void {
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

/** Nodes whose states are active. */
function childrenOf(snapshot: AnyMachineSnapshot): string[] {
  const children: object = snapshot.children as object
  return Object.keys(children)
}

function ledgerOf(snapshot: AnyMachineSnapshot): Ledger {
  return snapshot.context as Ledger
}

/** Stands for the actor that a machine would run in: nothing it wants executed is executed, commands are kept. */
const idle = createActor(setup({}).createMachine({}))

interface Recorder {
  readonly scope: AnyActorScope
  readonly commands: LedgerCommand[]
  readonly entered: string[]
}

function recorder(): Recorder {
  const commands: LedgerCommand[] = []
  const entered: string[] = []
  const actionExecutor: AnyActorScope['actionExecutor'] = (action) => {
    if (action.type === 'command') commands.push(action.params as LedgerCommand)
    else if (action.type === 'xstate.spawnChild') entered.push((action.params as { id: string }).id)
  }
  const nothing = (): undefined => undefined
  const { id, sessionId, system } = idle
  return {
    commands,
    entered,
    scope: {
      self: idle,
      id,
      sessionId,
      system,
      logger: nothing,
      defer: nothing,
      emit: nothing,
      stopChild: nothing,
      actionExecutor,
    },
  }
}
