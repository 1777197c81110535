import type { Flow } from '../../model/document.ts'
import { compile } from '../../engine/compile/compile.ts'
import type { FlowMachine } from '../../engine/compile/machine.ts'
import { advanceTokens, noTokens } from '../../engine/run/advanceTokens.ts'
import type { TokenCommand, TokenState } from '../../engine/run/tokens.ts'
import { testKinds } from './kinds.ts'

/** Plays a flow's tokens by hand: `finish('a:port')` ends the running visit of `a`, and says in short what follows. */
export class Player {
  state: TokenState = noTokens
  readonly machine: FlowMachine
  private readonly visits = new Map<string, number>()

  constructor(flow: Flow) {
    const { machine, diagnostics } = compile(flow, testKinds, 'test.flow.json')
    if (!machine) throw new Error(JSON.stringify(diagnostics))
    this.machine = machine
  }

  open(container?: string, scope = '', trigger?: string): string[] {
    return this.take({
      type: 'open',
      scope,
      ...(container !== undefined && { container }),
      ...(trigger !== undefined && { trigger }),
    })
  }

  /** Opens the root and finishes nodes on `out` or the port named, one after the other; gives what followed the last. */
  run(...ends: string[]): string[] {
    let last = this.open()
    for (const end of ends) last = this.finish(end)
    return last
  }

  finish(end: string): string[] {
    const [node = '', port = 'out'] = end.split(':')
    return this.take({ type: 'finished', node, visit: this.visits.get(node) ?? 1, port })
  }

  close(scope: string): string[] {
    return this.take({ type: 'close', scope })
  }

  private take(event: Parameters<typeof advanceTokens>[2]): string[] {
    const { state, commands } = advanceTokens(this.machine, this.state, event)
    this.state = state
    for (const command of commands) if (command.type === 'start') this.visits.set(command.node, command.visit)
    return commands.map(inShort)
  }
}

/** `start b#2 < a`, `skip c`, `cancel d#1`, `exceed b#4`, `end: c d`, `return: r` */
function inShort(command: TokenCommand): string {
  switch (command.type) {
    case 'start': {
      const prev = command.prev.map((one) => (one.port === 'out' ? one.node : `${one.node}:${one.port}`)).join(' ')
      return `start ${command.node}${command.visit === 1 ? '' : `#${String(command.visit)}`}${prev === '' ? '' : ` < ${prev}`}`
    }
    case 'skip':
      return `skip ${command.node}`
    case 'cancel':
    case 'exceed':
      return `${command.type} ${command.node}#${String(command.visit)}`
    case 'ended':
      return command.returned === undefined ? `end: ${command.leaves.join(' ')}` : `return: ${command.returned}`
  }
}
