import { errorPort, formatEdge } from '../../model/edges.ts'
import type { FlowNode } from '../../model/document.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ScopeAnalysis } from './analysis.ts'
import type { GraphEdge } from './graph.ts'
import { layOut, startState, type Block, type Exit, type Layout, type Level } from './layOut.ts'
import type { PlannedNode, ScopeMachine } from './machine.ts'
import { maxVisitsOf } from './planPolicy.ts'
import type { Scope } from './scopes.ts'
import type { ScopeTokens } from './scopeTokens.ts'

/** The state in which a scope or a branch has ended. Brackets and colons keep such names apart from node ids. */
export const endState = '(end)'
/** The state of a scope that runs by in-degree counts as a whole. */
export const dataflowState = '(dataflow)'

export interface ScopeParts {
  readonly scope: Scope
  readonly analysis: ScopeAnalysis
  readonly nodes: Readonly<Record<string, FlowNode>>
  readonly plans: ReadonlyMap<string, PlannedNode>
}

/** Writes a scope's machine. EXECUTION.md 10.2. */
export function scopeMachine(parts: ScopeParts): ScopeMachine {
  return new MachineWriter(parts).write()
}

/** A state or transition, as JSON. */
type Config = JsonObject

class MachineWriter {
  private readonly parts: ScopeParts
  private readonly layout: Layout
  private readonly id: string
  private readonly ids: readonly string[]
  private readonly counted: readonly boolean[]
  private readonly out: readonly (readonly GraphEdge[])[]

  constructor(parts: ScopeParts) {
    this.parts = parts
    const { graph } = parts.scope
    this.ids = graph.ids
    this.out = graph.out
    this.id = parts.scope.container ?? 'flow'
    const joinsAny = graph.ids.map((id) => parts.nodes[id]?.policy?.join === 'any')
    this.layout = layOut(parts.analysis, joinsAny, parts.scope.container === undefined)
    this.counted = graph.ids.map((_, node) => this.mustCount(node))
  }

  write(): ScopeMachine {
    const [whole] = this.layout.blocks
    const isWhole = whole !== undefined && whole.after === undefined
    const states = isWhole
      ? { [dataflowState]: this.blockState(whole, this.layout.root), [endState]: { type: 'final' } }
      : { ...this.startState(), ...this.levelStates(this.layout.root) }
    const [initial = endState] = Object.keys(states)
    const returnsInBlock = this.ids.some((id, node) => this.isReturn(id) && this.layout.owners[node]?.type === 'block')
    const on = { 'SCOPE.RETURN': { target: `.${endState}` } }
    const inDegrees = this.inDegrees()
    const hasBlocks = Object.keys(inDegrees).length > 0
    return {
      id: this.id,
      initial,
      ...(hasBlocks && { context: { inDegrees } }),
      entry: 'begin',
      ...(returnsInBlock && { on }),
      states,
      meta: { tokens: this.tokens() },
    }
  }

  /** Where several nodes may be the first: all of a body's at once, or the trigger that fired. */
  private startState(): Config {
    const { entries } = this.parts.scope.graph
    const fork = this.layout.forks.get(startState)
    if (fork) return { [startState]: this.forkState(fork, this.layout.root) }
    if (entries.length < 2) return {}
    const always = entries.map((node): Config => ({
      guard: { type: 'fired', params: { node: this.idOf(node) } },
      target: this.idOf(node),
    }))
    return { [startState]: { always } }
  }

  /** How many edges each node of a dataflow state waits for. */
  private inDegrees(): Record<string, number> {
    const { graph } = this.parts.scope
    const inBlocks = this.layout.blocks.flatMap((block) => block.nodes).sort((a, b) => a - b)
    return Object.fromEntries(
      inBlocks.map((node) => [
        this.idOf(node),
        (graph.into[node] ?? []).filter((edge) => !this.parts.analysis.isBack(edge)).length,
      ]),
    )
  }

  private levelStates(level: Level): Config {
    const states: Config = {}
    for (const node of level.nodes) {
      if (this.layout.owners[node] !== level) continue
      states[this.idOf(node)] = this.nodeState(node, level)
      for (const [port, edges] of this.portsOf(node)) {
        const key = this.forkKey(node, port)
        const fork = this.layout.forks.get(key)
        const block = this.blockOf(node, edges)
        if (block) states[this.blockName(block)] = this.blockState(block, level)
        else if (fork) states[key] = this.forkState(fork, level)
      }
    }
    states[endState] = { type: 'final' }
    return states
  }

  private nodeState(node: number, level: Level): Config {
    const id = this.idOf(node)
    const plan = this.parts.plans.get(id)
    const ports = this.portsOf(node)
    const onError = ports.get(errorPort)
    const declared = plan?.ports ?? []
    const others = declared.flatMap((port) => {
      const edges = ports.get(port)
      return edges ? [[port, edges] as const] : []
    })
    const needsGuard = declared.length > 1
    const isCovered = declared.length > 0 && declared.every((port) => ports.has(port))
    const onDone = others.map(([port, edges]): Config => ({
      ...(needsGuard && { guard: { type: 'port', params: { name: port } } }),
      ...this.transition(node, level, edges),
    }))
    if (!isCovered) onDone.push(this.end(node, level))
    return {
      ...(plan?.label !== undefined && { description: plan.label }),
      invoke: {
        id,
        src: plan?.kind ?? '',
        onDone: oneOrMany(onDone),
        ...(onError && { onError: this.transition(node, level, onError) }),
      },
    }
  }

  /** The token ends here, or the scope does. */
  private end(node: number, level: Level): Config {
    return {
      target: this.isReturn(this.idOf(node)) && level.depth > 0 ? `#${this.id}.${endState}` : endState,
      actions: 'settle',
    }
  }

  private transition(node: number, level: Level, edges: readonly GraphEdge[]): Config {
    const [first] = edges
    if (!first) return this.end(node, level)
    const block = this.blockOf(node, edges)
    if (block) return { target: this.blockName(block), actions: 'settle' }
    if (edges.some(({ to }) => to !== first.to)) return { target: this.forkKey(node, first.port), actions: 'settle' }
    const isPlain = this.counted[node] !== true && this.counted[first.to] !== true && this.out[node]?.length === 1
    const config = {
      target: this.targetFrom(level, first.to, this.parts.analysis.isBack(first)),
      ...(!isPlain && { actions: 'settle' }),
    }
    return first.to === node ? { ...config, reenter: true } : config
  }

  /** A node of the level; else what the level leads to, which a join `any` takes up at once. */
  private targetFrom(level: Level, to: number, isRepeat: boolean): string {
    const owner = this.layout.owners[to]
    if (owner === level) return this.idOf(to)
    if (!isRepeat && owner?.type === 'level' && this.joinsAny(to))
      return `#${[this.id, ...owner.path, this.idOf(to)].join('.')}`
    return endState
  }

  private forkState(
    fork: { readonly regions: readonly Level[]; readonly exit: Exit | undefined },
    level: Level,
  ): Config {
    const regions = fork.regions.map((region) => {
      const head = region.path.at(-1) ?? ''
      return [head, { initial: head, states: this.levelStates(region) }] as const
    })
    return { type: 'parallel', states: Object.fromEntries(regions), onDone: this.onward(fork.exit, level) }
  }

  private blockState(block: Block, level: Level): Config {
    const done = `done ${this.blockName(block)}`
    return {
      on: { 'NODE.DONE': { actions: 'settle' }, [done]: this.onward(block.exit, level) },
      meta: { dataflow: this.idsInFileOrder(block.nodes) },
    }
  }

  /** Where the token goes on once branches have ended: to their join where one of them is live. */
  private onward(exit: Exit | undefined, level: Level): Config | Config[] {
    const canGoOn = exit && this.layout.owners[exit.node] === level && (exit.isRepeat || !this.joinsAny(exit.node))
    if (!canGoOn) return { target: endState }
    const id = this.idOf(exit.node)
    return [{ guard: { type: 'ready', params: { node: id } }, target: id }, { target: endState }]
  }

  private portsOf(node: number): Map<string, GraphEdge[]> {
    const ports = new Map<string, GraphEdge[]>()
    for (const edge of this.out[node] ?? []) {
      const list = ports.get(edge.port)
      if (list) list.push(edge)
      else ports.set(edge.port, [edge])
    }
    return ports
  }

  private blockOf(node: number, edges: readonly GraphEdge[]): Block | undefined {
    for (const { to } of edges) {
      const owner = this.layout.owners[to]
      if (owner?.type === 'block' && owner.after === node) return owner
    }
    return undefined
  }

  private blockName({ after }: Block): string {
    return after === undefined ? dataflowState : `(after ${this.idOf(after)})`
  }

  private forkKey(node: number, port: string): string {
    return `${this.idOf(node)}:${port}`
  }

  private idsInFileOrder(nodes: readonly number[]): string[] {
    return [...nodes].sort((a, b) => a - b).map((node) => this.idOf(node))
  }

  private idOf(node: number): string {
    return this.ids[node] ?? ''
  }

  private joinsAny(node: number): boolean {
    return this.parts.nodes[this.idOf(node)]?.policy?.join === 'any'
  }

  private isReturn(id: string): boolean {
    return this.parts.plans.get(id)?.role?.type === 'return'
  }

  /** Whether the ledger must know of the node: everywhere but where one token moves from node to node once. */
  private mustCount(node: number): boolean {
    const { forest, isBack } = this.parts.analysis
    const into = this.parts.scope.graph.into[node] ?? []
    return (
      this.layout.owners[node] !== this.layout.root ||
      (forest.innermost[node] ?? -1) !== -1 ||
      into.filter((edge) => !isBack(edge)).length > 1
    )
  }

  private tokens(): ScopeTokens {
    const { scope, analysis, nodes } = this.parts
    const { graph } = scope
    const isReachable = (_: string, node: number): boolean => graph.isReachable[node] === true
    const unreachable = graph.ids.filter((_, node) => !graph.isReachable[node])
    const triggers = graph.entries
      .map((node) => this.idOf(node))
      .filter((id) => this.parts.plans.get(id)?.role?.type === 'trigger')
    const any = graph.ids.filter((id) => nodes[id]?.policy?.join === 'any')
    const returns = graph.ids.filter((id) => this.isReturn(id))
    const counted = graph.ids.filter((id, node) => isReachable(id, node) && this.counted[node] === true)
    const blocks = this.layout.blocks.map((block) => ({
      state: this.blockName(block),
      nodes: this.idsInFileOrder(block.nodes),
    }))
    const loops = analysis.forest.loops.map(({ header, parent, members }) => {
      const outer = analysis.forest.loops[parent]
      return {
        header: this.idOf(header),
        ...(outer && { within: this.idOf(outer.header) }),
        nodes: members.map((node) => this.idOf(node)),
        maxVisits: maxVisitsOf(nodes[this.idOf(header)]),
      }
    })
    return {
      nodes: graph.ids,
      entries: graph.entries.map((node) => this.idOf(node)),
      ...(triggers.length > 0 && { triggers }),
      ...(unreachable.length > 0 && { unreachable }),
      edges: graph.edges.map(({ edge }) => formatEdge(edge)),
      ...(any.length > 0 && { any }),
      ...(returns.length > 0 && { returns }),
      ...(counted.length > 0 && { counted }),
      ...(blocks.length > 0 && { blocks }),
      ...(loops.length > 0 && { loops }),
    }
  }
}

function oneOrMany(configs: Config[]): Config | Config[] {
  const [only] = configs
  return only && configs.length === 1 ? only : configs
}
