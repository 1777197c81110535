import { expect, it } from 'vitest'
import { hasErrors } from '../../model/diagnostics.ts'
import type { Flow } from '../../model/document.ts'
import { formatEdge } from '../../model/edges.ts'
import { compile } from '../../engine/compile/compile.ts'
import type { FlowMachine } from '../../engine/compile/machine.ts'
import { advanceTokens, noTokens } from '../../engine/run/advanceTokens.ts'
import type { TokenCommand, TokenState } from '../../engine/run/tokens.ts'
import { testKinds } from '../support/kinds.ts'
import { Random } from '../support/random.ts'
import { randomFlow } from '../support/randomFlow.ts'
import { ReferenceInterpreter, type ReferenceStep } from '../support/referenceInterpreter.ts'

const wanted = Number(process.env['FLOWS'] ?? 10_000)
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

it(`runs ${String(wanted)} random flows as the reference does (SEED=${String(seed)})`, { timeout: 300_000 }, () => {
  const seen = { flows: 0, refused: 0, steps: 0, cancels: 0, exceeds: 0, returns: 0, repeats: 0 }
  for (let number = seed; seen.flows < wanted; number++) {
    const random = new Random(number)
    const { flow, whole, entries } = random.chance(0.25) ? asBody(randomFlow(random)) : asFlow(randomFlow(random))
    const { machine, diagnostics } = compile(whole, testKinds, 'random.flow.json')
    if (!machine) {
      if (!hasErrors(diagnostics)) throw new Error(`SEED=${String(number)}: refused without an error`)
      seen.refused++
      continue
    }
    seen.flows++
    new Run({ flow, whole, entries }, machine, random, number, seen).play()
  }
  console.info(`seed ${String(seed)}: ${JSON.stringify(seen)}`)
  expect(seen.refused).toBeLessThan(seen.flows)
  for (const count of [seen.cancels, seen.exceeds, seen.returns, seen.repeats])
    expect(count).toBeGreaterThan(wanted / 100)
})

/** What is played, and the flow in which it is compiled. */
interface Sample {
  readonly flow: Flow
  readonly whole: Flow
  readonly entries: readonly string[]
}

function asFlow(flow: Flow): Sample {
  return { flow, whole: flow, entries: ['start'] }
}

/** Plays a flow without its start as the body of a container, where all nodes without an in-edge start at once. */
function asBody({ nodes: all, edges: wires, ...rest }: Flow): Sample {
  const { start, ...nodes } = all
  const edges = wires.filter((edge) => edge.from !== 'start')
  const flow = { ...rest, nodes, edges }
  const inside = Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { ...node, parent: 'each' }]))
  const whole = { ...flow, nodes: { ...(start && { start }), each: { kind: 'for-each' }, ...inside } }
  return { flow, whole, entries: Object.keys(nodes).filter((id) => !edges.some((edge) => edge.to === id)) }
}

/** Plays one flow in both interpreters at once, with random ports and random order. */
class Run {
  private readonly reference: ReferenceInterpreter
  private state: TokenState = noTokens
  private isOver = false
  private readonly exceeded = new Set<string>()
  private readonly trace: string[] = []
  private readonly flow: Flow
  private readonly scope: string
  private readonly machine: FlowMachine
  private readonly random: Random
  private readonly number: number
  private readonly seen: Record<'steps' | 'cancels' | 'exceeds' | 'returns' | 'repeats', number>

  constructor(
    { flow, whole, entries }: Sample,
    machine: FlowMachine,
    random: Random,
    number: number,
    seen: Run['seen'],
  ) {
    this.flow = flow
    this.machine = machine
    this.random = random
    this.number = number
    this.seen = seen
    this.scope = whole === flow ? '' : 'each[0]'
    this.reference = new ReferenceInterpreter(flow, entries)
  }

  play(): void {
    this.compare(
      this.reference.begin(),
      this.advance({ type: 'open', scope: this.scope, ...(this.scope !== '' && { container: 'each' }) }),
    )
    for (let steps = 0; !this.isOver; steps++) {
      if (steps > 2000) throw new Error(`SEED=${String(this.number)}: does not end`)
      const node = this.random.pick(this.reference.running())
      const port = this.portOf(node)
      if (port === undefined) return this.close()
      const visit = this.reference.visit(node)
      this.trace.push(`${node}#${String(visit)}:${port}`)
      this.compare(
        this.reference.finish(node, port),
        this.advance({ type: 'finished', node: this.pathOf(node), visit, port }),
      )
      if (this.random.chance(0.05)) this.expectNothing(node, visit, port)
      this.seen.steps++
    }
  }

  private pathOf(node: string): string {
    return this.scope === '' ? node : `${this.scope}/${node}`
  }

  private idOf(path: string): string {
    return path.slice(path.lastIndexOf('/') + 1)
  }

  private advance(event: Parameters<typeof advanceTokens>[2]): readonly TokenCommand[] {
    const { state, commands } = advanceTokens(this.machine, this.state, event)
    if (this.random.chance(0.02))
      expect(advanceTokens(this.machine, this.state, event).commands, this.story()).toEqual(commands)
    this.state = state
    return commands
  }

  /** A node that exceeds its visits fails: over its error edge, else the scope is given up. */
  private portOf(node: string): string | undefined {
    const used = this.flow.edges.flatMap((edge) => (edge.from === node ? [edge.fromPort] : []))
    if (this.exceeded.delete(node)) return used.includes('error') ? 'error' : undefined
    const own = (this.flow.nodes[node]?.data?.['ports'] ?? ['out']) as string[]
    return this.random.pick([...own, ...used, ...used])
  }

  private close(): void {
    const running = this.reference.running()
    const commands = this.advance({ type: 'close', scope: this.scope })
    expect(
      commands.map((command) => command.type === 'cancel' && command.node),
      this.story(),
    ).toEqual(running.map((node) => this.pathOf(node)))
    expect(this.state.scopes).toEqual({})
  }

  private expectNothing(node: string, visit: number, port: string): void {
    const { state, commands } = advanceTokens(this.machine, this.state, {
      type: 'finished',
      node: this.pathOf(node),
      visit,
      port,
    })
    expect(commands, this.story()).toEqual([])
    expect(state).toBe(this.state)
  }

  private compare(expected: ReferenceStep, commands: readonly TokenCommand[]): void {
    const found: ReferenceStep = { starts: [], skips: [], cancels: [] }
    for (const command of commands) {
      if (command.type === 'skip') found.skips.push(this.idOf(command.node))
      else if (command.type === 'cancel') found.cancels.push(this.idOf(command.node))
      else if (command.type === 'ended')
        found.ended = {
          ...(command.returned !== undefined && { returned: this.idOf(command.returned) }),
          leaves: command.leaves.map((leaf) => this.idOf(leaf)),
        }
      else
        found.starts.push({
          node: this.idOf(command.node),
          visit: command.visit,
          prev: (command.type === 'start' ? command.prev : []).map((one) => this.idOf(one.node)),
          exceeds: command.type === 'exceed',
        })
    }
    for (const start of expected.starts) if (start.exceeds) start.prev = []
    expect(found, this.story()).toEqual(expected)
    this.note(found)
  }

  private note(found: ReferenceStep): void {
    this.isOver = found.ended !== undefined
    this.seen.cancels += found.cancels.length
    if (found.ended?.returned !== undefined) this.seen.returns++
    for (const start of found.starts) {
      if (start.exceeds) this.exceeded.add(start.node)
      if (start.exceeds) this.seen.exceeds++
      if (start.visit > 1) this.seen.repeats++
    }
  }

  private story(): string {
    const nodes = Object.entries(this.flow.nodes).map(
      ([id, node]) => `${id}${node.kind === 'return' ? ' return' : ''} ${JSON.stringify(node.policy ?? {})}`,
    )
    return [`SEED=${String(this.number)}`, ...nodes, ...this.flow.edges.map(formatEdge), ...this.trace].join('\n')
  }
}
