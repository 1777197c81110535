import type { Locator } from 'playwright-core'
import { defaultOutPort, type Edge } from '../../../model/edges.ts'
import { centre, type FlowDriver } from '../flowDriver.ts'
import { connectSearch, type Hands } from './hands.ts'

/** Builds with pointer and keys, whichever is nearer. */
export class PointerHands implements Hands {
  readonly #driver: FlowDriver

  constructor(driver: FlowDriver) {
    this.#driver = driver
  }

  async newFlow(): Promise<void> {
    await this.#driver.click(this.#driver.page.getByText('Start empty'))
  }

  async toName(): Promise<void> {
    await this.#driver.clickPane()
    await this.#driver.click(this.#driver.page.getByRole('textbox', { name: 'Name of the flow' }))
  }

  /** A key goes on from the node that was just added; else a click on the handle, which is looked for where it is out of sight. */
  async beginNode(edge: Edge, end: 'from' | 'to', last: string): Promise<void> {
    if (end === 'to' && edge.from === last && edge.fromPort === defaultOutPort) return this.#driver.press('Alt+a')
    const known =
      end === 'to'
        ? { node: edge.from, handle: `source:${edge.fromPort}` }
        : { node: edge.to, handle: `target:${edge.toPort}` }
    const handle = this.#driver.handle(known.node, known.handle)
    if (!(await this.#isInReach(handle))) {
      await this.#driver.press('Escape')
      await this.#driver.find(known.node)
      await this.#driver.settle()
    }
    await this.#driver.click(handle)
  }

  /** A click on the setting; on its label where the setting is a list to choose from. */
  async toField(path: string): Promise<void> {
    const row = this.#driver.page.locator(`[data-field="${path}"]`)
    const isList = (await row.locator('select').count()) > 0
    await this.#driver.click(isList ? row.locator('label').first() : row.locator('textarea, input').first())
  }

  async addEntry(path: string): Promise<void> {
    await this.#driver.click(this.#driver.page.locator(`[data-field="${path}"]`).locator('button', { hasText: 'Add' }))
  }

  /** A wire drawn between handles that are both in sight; else a choice from the list of nodes. */
  async connect(edge: Edge, last: string): Promise<void> {
    const from = this.#driver.handle(edge.from, `source:${edge.fromPort}`)
    const to = this.#driver.handle(edge.to, `target:${edge.toPort}`)
    if ((await this.#isInReach(from)) && (await this.#isInReach(to)))
      return this.#driver.drag(await centre(from), await centre(to))
    if (edge.from === last) await this.#driver.press('Alt+c')
    else {
      await this.#driver.press('Escape')
      await this.#driver.find(edge.from)
      await this.#driver.press('c')
    }
    await this.#driver.choose(connectSearch(edge))
  }

  async showValues(): Promise<void> {
    await this.#driver.click(this.#driver.page.getByRole('tab', { name: 'Values' }))
  }

  /** Whether a handle is drawn and nothing lies over it. */
  async #isInReach(handle: Locator): Promise<boolean> {
    await this.#driver.settle()
    if ((await handle.count()) === 0) return false
    return handle.evaluate((element) => {
      const box = element.getBoundingClientRect()
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      return hit !== null && (element.contains(hit) || hit.contains(element))
    })
  }
}
