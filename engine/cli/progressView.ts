import type { RunEvent } from '../../model/events.ts'
import { lineText, RunTree, stateGlyph, stateStyle, type TreeLine } from './runTree.ts'
import type { Terminal } from './terminal.ts'

/** Shows a run on stderr while it goes on. */
export interface ProgressView {
  events(events: readonly RunEvent[]): void
  /** Leaves the last state standing. */
  end(): void
}

/** Label of a node path, where its node has one. */
export type LabelOf = (node: string) => string | undefined

const redrawMs = 80
/** Rows kept free, so that the tree never scrolls out of the part that can be redrawn. */
const freeRows = 2

/** A tree that is redrawn on a terminal; plain lines, one per finished node, anywhere else. */
export function createProgressView(terminal: Terminal, labelOf: LabelOf): ProgressView {
  return terminal.isLive ? new LiveTree(terminal, labelOf) : plainLines(terminal, labelOf)
}

export const silentView: ProgressView = { events: () => undefined, end: () => undefined }

function plainLines(terminal: Terminal, labelOf: LabelOf): ProgressView {
  const tree = new RunTree()
  return {
    events: (events) => {
      const lines = events
        .map((event) => tree.apply(event))
        .filter((line) => line !== undefined && line.state !== 'running')
      const text = lines.map((line) => line && `${paintLine(terminal, line, labelOf, 200)}\n`).join('')
      if (text !== '') terminal.err(text)
    },
    end: () => undefined,
  }
}

class LiveTree implements ProgressView {
  readonly #terminal: Terminal
  readonly #labelOf: LabelOf
  readonly #tree = new RunTree()
  readonly #timer: NodeJS.Timeout
  #drawn = 0

  constructor(terminal: Terminal, labelOf: LabelOf) {
    this.#terminal = terminal
    this.#labelOf = labelOf
    this.#timer = setInterval(() => this.#draw(terminal.rows - freeRows), redrawMs)
    this.#timer.unref()
  }

  events(events: readonly RunEvent[]): void {
    for (const event of events) this.#tree.apply(event)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#draw(Infinity)
  }

  /** Draws over what was drawn before; the newest lines where there is no room for all. */
  #draw(room: number): void {
    const { lines } = this.#tree
    const hidden = Math.max(lines.length - room, 0)
    const rows = lines
      .slice(hidden)
      .map((line) => paintLine(this.#terminal, line, this.#labelOf, this.#terminal.columns - 3))
    if (hidden > 0) rows[0] = this.#terminal.paint('gray', `  … ${hidden + 1} more above`)
    const up = this.#drawn > 0 ? `\u001B[${this.#drawn}A` : ''
    this.#terminal.err(`${up}\r\u001B[J${rows.map((row) => `${row}\n`).join('')}`)
    this.#drawn = rows.length
  }
}

function paintLine(terminal: Terminal, line: TreeLine, labelOf: LabelOf, width: number): string {
  return `${terminal.paint(stateStyle(line.state), stateGlyph(line.state))} ${lineText(line, labelOf(line.node), Date.now(), width)}`
}
