import { formatDuration } from '../../model/duration.ts'
import type { RunEvent } from '../../model/events.ts'
import { printable } from './terminal.ts'

export type NodeState = 'running' | 'waiting' | 'retrying' | 'finished' | 'failed' | 'skipped' | 'cancelled' | 'unknown'

/** One line of the tree: a node path, its latest visit. */
export interface TreeLine {
  readonly node: string
  readonly visit: number
  readonly state: NodeState
  readonly startedAt: number
  readonly endedAt?: number
  readonly attempts: number
  /** Port, failure, or what is waited for. */
  readonly detail?: string
}

/** What a run did so far, one line per node path in order of first start: a fold over its events. */
export class RunTree {
  readonly #lines = new Map<string, TreeLine>()

  /** Takes an event and gives the line it changed. */
  apply(event: RunEvent): TreeLine | undefined {
    if (!('node' in event)) return undefined
    const line = next(this.#lines.get(event.node), event)
    if (line) this.#lines.set(event.node, line)
    return line
  }

  get lines(): readonly TreeLine[] {
    return [...this.#lines.values()]
  }
}

type NodeEvent = Extract<RunEvent, { node: string }>

function next(before: TreeLine | undefined, event: NodeEvent): TreeLine | undefined {
  const at = Date.parse(event.at)
  const line: TreeLine =
    before?.visit === event.visit
      ? before
      : { node: event.node, visit: event.visit, state: 'running', startedAt: at, attempts: 1 }
  switch (event.type) {
    case 'node.started':
      return { node: event.node, visit: event.visit, state: 'running', startedAt: at, attempts: 1 }
    case 'effect.intended':
      return { ...plain(line), state: 'running', attempts: event.attempt }
    case 'node.finished':
      return { ...plain(line), state: 'finished', endedAt: at, ...(event.port !== 'out' && { detail: event.port }) }
    case 'node.failed':
      return { ...line, state: 'failed', endedAt: at, detail: `${event.error.code}: ${event.error.message}` }
    case 'node.retrying':
      return { ...line, state: 'retrying', attempts: event.attempt, detail: event.error.code }
    case 'node.waiting':
      return {
        ...line,
        state: 'waiting',
        detail: event.until === undefined ? event.reason : `${event.reason} until ${event.until}`,
      }
    case 'node.unknown':
      return { ...line, state: 'unknown', endedAt: at, detail: 'nobody knows whether its effect happened' }
    case 'node.skipped':
      return { ...line, state: 'skipped', endedAt: at }
    case 'node.cancelled':
      return { ...line, state: 'cancelled', endedAt: at }
    default:
      return undefined
  }
}

/** Without what was waited for, or failed, before. */
function plain({ detail: _before, ...line }: TreeLine): Omit<TreeLine, 'detail'> {
  return line
}

const glyphs: Readonly<Record<NodeState, string>> = {
  running: '●',
  waiting: '◷',
  retrying: '↻',
  finished: '✓',
  failed: '✗',
  skipped: '○',
  cancelled: '⊘',
  unknown: '?',
}

/** Glyph of a state and the name of its colour. */
export const stateGlyph = (state: NodeState): string => glyphs[state]

export const stateStyle = (state: NodeState) =>
  (
    ({
      running: 'blue',
      waiting: 'yellow',
      retrying: 'yellow',
      finished: 'green',
      failed: 'red',
      skipped: 'gray',
      cancelled: 'gray',
      unknown: 'red',
    }) as const
  )[state]

/** `label  visit 2  1.2 s  attempt 3  detail`, without glyph, cut to `width`. */
export function lineText(line: TreeLine, label: string | undefined, now: number, width: number): string {
  const depth = line.node.split('/').length - 1
  const parts = [
    '  '.repeat(depth) + printable(nameOf(line.node, label)),
    line.visit > 1 ? `visit ${line.visit}` : '',
    line.state === 'skipped' ? 'skipped' : formatDuration((line.endedAt ?? now) - line.startedAt),
    line.attempts > 1 ? `attempt ${line.attempts}` : '',
    printable(line.detail ?? ''),
  ]
  const text = parts.filter((part) => part !== '').join('  ')
  return text.length > width ? `${text.slice(0, Math.max(width - 1, 0))}…` : text
}

function nameOf(node: string, label: string | undefined): string {
  const last = node.split('/').at(-1) ?? node
  return label === undefined || label === last ? last : `${label} (${last})`
}
