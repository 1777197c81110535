import type { FlowDriver } from '../flowDriver.ts'

type Purpose = 'placing' | 'settings'

interface NodeCount {
  placing: number
  settings: number
  ms: number
}

/**
 * Counts what building takes, node by node. One gesture is one press of the pointer until it is let go (a click, a drag),
 * one key or chord, or one text typed in a row into one field: Tab, Enter and the key or click that leads into a field
 * count by themselves. `placing` is adding a node, naming it and drawing its edges; `settings` is all of its fields.
 * An edge counts for the node that it leads to. Time is that of the browser and this machine's typing, without thinking.
 */
export class GestureCount {
  readonly #driver: FlowDriver
  readonly #nodes = new Map<string, NodeCount>()
  /** Gestures for the flow itself: opening it, its name and inputs. */
  flow = 0

  constructor(driver: FlowDriver) {
    this.#driver = driver
  }

  async of(node: string, purpose: Purpose, work: () => Promise<void>): Promise<void> {
    const known = this.#nodes.get(node) ?? { placing: 0, settings: 0, ms: 0 }
    this.#nodes.set(node, known)
    const [gestures, started] = [this.#driver.gestures, performance.now()]
    await work()
    known[purpose] += this.#driver.gestures - gestures
    known.ms += performance.now() - started
  }

  async ofFlow(work: () => Promise<void>): Promise<void> {
    const before = this.#driver.gestures
    await work()
    this.flow += this.#driver.gestures - before
  }

  /** Median over the nodes of all gestures that each took. */
  get median(): number {
    return median([...this.#nodes.values()].map(({ placing, settings }) => placing + settings))
  }

  table(title: string, edges: number): string {
    const rows = [...this.#nodes].map(([node, count]) =>
      row(node, count.placing, count.settings, count.placing + count.settings, count.ms / 1000),
    )
    const counts = [...this.#nodes.values()]
    const sum = (part: (count: NodeCount) => number) => counts.reduce((total, count) => total + part(count), 0)
    const all = sum((count) => count.placing + count.settings)
    return [
      `${title}: ${counts.length} nodes, ${edges} edges, ${all} gestures and ${this.flow} for the flow itself`,
      row('node', 'placing', 'settings', 'gestures', 'seconds'),
      ...rows,
      row(
        'median',
        median(counts.map((count) => count.placing)),
        median(counts.map((count) => count.settings)),
        this.median,
        median(counts.map((count) => count.ms)) / 1000,
      ),
      row(
        'mean',
        sum((count) => count.placing) / counts.length,
        sum((count) => count.settings) / counts.length,
        all / counts.length,
        sum((count) => count.ms) / counts.length / 1000,
      ),
    ].join('\n')
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}

function row(name: string, ...cells: (string | number)[]): string {
  const texts = cells.map((cell) =>
    typeof cell === 'string' ? cell : Number.isInteger(cell) ? String(cell) : cell.toFixed(1),
  )
  return `  ${name.padEnd(16)}${texts.map((text) => text.padStart(10)).join('')}`
}
