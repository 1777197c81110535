import { formatEdge, type Edge } from '../../../model/edges.ts'
import type { FlowDriver } from '../flowDriver.ts'
import { connectSearch, type Hands } from './hands.ts'

/** Builds with the keyboard alone. */
export class KeyboardHands implements Hands {
  readonly #driver: FlowDriver

  constructor(driver: FlowDriver) {
    this.#driver = driver
  }

  async newFlow(): Promise<void> {
    await this.#driver.press('Control+k')
    await this.#driver.choose('New flow')
  }

  async toName(): Promise<void> {
    await this.#driver.press('Escape')
    await this.#driver.press('Escape')
    await this.#driver.press('F6')
  }

  async beginNode(edge: Edge, end: 'from' | 'to', last: string): Promise<void> {
    if (end === 'from') throw new Error('Suppliers are added with the pointer.')
    if (edge.from === last) return this.#driver.press('Alt+a')
    await this.#driver.press('Escape')
    const before = (await this.#driver.edgeTexts()).some(
      (text) => text.startsWith(edge.from) && text.endsWith(`-> ${last}`),
    )
    if (before) await this.#driver.press('Alt+ArrowLeft')
    else await this.#driver.find(edge.from)
    await this.#driver.press('a')
  }

  async toField(path: string): Promise<void> {
    const steps = await this.#stepsTo(path)
    for (let step = 0; step < Math.abs(steps); step += 1)
      await this.#driver.press(steps < 0 ? 'Alt+ArrowUp' : 'Alt+ArrowDown')
  }

  async addEntry(path: string): Promise<void> {
    if (path === 'inputs') await this.#driver.press('Enter')
    else await this.toField(path)
    await this.#driver.waitForField(path)
    await this.#driver.press('Enter')
  }

  async connect(edge: Edge, last: string): Promise<void> {
    if (edge.from !== last) throw new Error(`${formatEdge(edge)} is drawn from ${edge.from}, which is not selected.`)
    await this.#driver.press('Alt+c')
    await this.#driver.choose(connectSearch(edge))
  }

  async showValues(): Promise<void> {
    await this.#driver.press('F6')
    await this.#driver.press('F6')
    const tab = this.#driver.page.locator('[role=tab]:focus')
    for (let moves = 0; moves < 6 && (await tab.textContent())?.startsWith('Values') !== true; moves += 1) {
      const before = (await tab.textContent()) ?? ''
      await this.#driver.press('ArrowRight')
      await tab.filter({ hasNotText: before }).waitFor()
    }
  }

  /** How many settings further down the inspector this one is; upwards below 0. */
  async #stepsTo(path: string): Promise<number> {
    return this.#driver.page.evaluate((wanted) => {
      const rows = [...document.querySelectorAll('[data-panel=inspector] [data-field]')].filter((row) =>
        row.checkVisibility(),
      )
      const current = rows.findIndex((row) => row.contains(document.activeElement))
      return rows.findIndex((row) => row.getAttribute('data-field') === wanted) - current
    }, path)
  }
}
