import type { Locator, Page } from 'playwright-core'

interface Place {
  readonly x: number
  readonly y: number
}

const dragSteps = 6
const firstStep = 4

/** What a person does on the canvas, gesture by gesture, and what a person sees. Counts its gestures. */
export class FlowDriver {
  readonly page: Page
  /** Clicks, drags, key presses and typed texts so far. */
  gestures = 0

  constructor(page: Page) {
    this.page = page
  }

  node(id: string): Locator {
    return this.page.locator(`.react-flow__node[data-id="${id}"]`)
  }

  edge(text: string): Locator {
    return this.page.locator(`.react-flow__edge[data-id="${text}"]`)
  }

  handle(node: string, handle: string): Locator {
    return this.node(node).locator(`[data-handle="${handle}"]`)
  }

  /** Waits until nothing on the canvas moves any more, as an eye does before a hand reaches for something. */
  async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      const look = () => document.querySelector('.react-flow__viewport')?.getAttribute('style') ?? ''
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
      let last = look()
      for (let still = 0; still < 4; still += 1) {
        await frame()
        if (look() !== last) still = 0
        last = look()
      }
    })
  }

  /** Ids of the nodes drawn, in the order in which a run passes them. */
  async nodeIds(): Promise<string[]> {
    return this.page
      .locator('.react-flow__node-card')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-id') ?? ''))
  }

  async edgeTexts(): Promise<string[]> {
    const texts = await this.page
      .locator('.react-flow__edge')
      .evaluateAll((edges) => edges.map((edge) => edge.getAttribute('data-id') ?? ''))
    return texts.sort()
  }

  async selectedIds(): Promise<string[]> {
    return this.page
      .locator('.react-flow__node-card.selected')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-id') ?? ''))
  }

  async press(keys: string): Promise<void> {
    this.gestures += 1
    await this.page.keyboard.press(keys)
  }

  async type(text: string): Promise<void> {
    this.gestures += 1
    await this.page.keyboard.type(text)
  }

  async click(target: Locator, options: { button?: 'right'; modifiers?: 'Shift'[] } = {}): Promise<void> {
    this.gestures += 1
    await target.click(options)
  }

  /** A point of empty canvas, away from nodes by these pixels from the pane's upper left corner. */
  async pane(x: number, y: number): Promise<Place> {
    const box = await boxOf(this.page.locator('.react-flow__pane').first())
    return { x: box.x + x, y: box.y + y }
  }

  async clickPane(x = 20, y = 20): Promise<void> {
    this.gestures += 1
    const at = await this.pane(x, y)
    await this.page.mouse.click(at.x, at.y)
  }

  async doubleClickPane(x: number, y: number): Promise<void> {
    this.gestures += 1
    const at = await this.pane(x, y)
    await this.page.mouse.dblclick(at.x, at.y)
  }

  async drag(from: Place, to: Place): Promise<void> {
    this.gestures += 1
    await this.page.mouse.move(from.x, from.y)
    await this.page.mouse.down()
    // A hand begins slowly; what is beyond the first few pixels counts as a drag.
    await this.page.mouse.move(
      from.x + Math.sign(to.x - from.x) * firstStep,
      from.y + Math.sign(to.y - from.y) * firstStep,
    )
    await this.page.mouse.move(to.x, to.y, { steps: dragSteps })
    await this.page.mouse.up()
  }

  /** Chooses a kind in the search list that is open. */
  async choose(search: string): Promise<void> {
    const list = this.page.locator('[role=dialog][data-state=open] [cmdk-input]')
    await list.waitFor()
    await this.type(search)
    await this.press('Enter')
    await list.waitFor({ state: 'detached' })
    await this.settle()
  }

  /** A, the kind's name, Enter: the node goes on from the selected one where that has a free outcome. */
  async add(search: string): Promise<void> {
    await this.press('a')
    await this.choose(search)
  }

  /** The middle of an edge's line, or a point this many pixels before it. A straight line has no area, so the pointer is led there by numbers. */
  async middleOf(edge: string, aside = 0): Promise<Place> {
    const path = this.edge(edge).locator('.react-flow__edge-path')
    await path.waitFor({ state: 'attached' })
    return path.evaluate((line, beside) => {
      if (!(line instanceof SVGPathElement)) throw new Error('An edge is drawn as a path.')
      const middle = line
        .getPointAtLength(line.getTotalLength() / 2 - beside)
        .matrixTransform(line.getScreenCTM() ?? undefined)
      return { x: middle.x, y: middle.y }
    }, aside)
  }

  async hoverEdge(edge: string): Promise<void> {
    this.gestures += 1
    const { x, y } = await this.middleOf(edge)
    await this.page.mouse.move(x - 8, y)
    await this.page.mouse.move(x, y)
  }

  /** Clicks an edge a little beside its middle, where no button is. */
  async clickEdge(edge: string): Promise<void> {
    this.gestures += 1
    const { x, y } = await this.middleOf(edge, 20)
    await this.page.mouse.click(x, y)
  }

  /** Draws a wire between two handles. */
  async wire(from: { node: string; handle: string }, to: { node: string; handle: string }): Promise<void> {
    await this.drag(await centre(this.handle(from.node, from.handle)), await centre(this.handle(to.node, to.handle)))
  }

  /** Draws a wire to empty canvas, this far from its handle, and chooses what goes on there. */
  async wireToNew(from: { node: string; handle: string }, by: Place, search: string): Promise<void> {
    const start = await centre(this.handle(from.node, from.handle))
    await this.drag(start, { x: start.x + by.x, y: start.y + by.y })
    await this.choose(search)
  }

  async dragNode(id: string, by: Place): Promise<void> {
    const box = await boxOf(this.node(id))
    const start = { x: box.x + box.width / 2, y: box.y + 12 }
    await this.drag(start, { x: start.x + by.x, y: start.y + by.y })
  }

  /** Drags a kind out of the library. */
  async dragKind(kind: string, to: Place): Promise<void> {
    this.gestures += 1
    const row = await centre(this.page.locator(`aside [data-kind="${kind}"]`))
    await this.page.mouse.move(row.x, row.y)
    await this.page.mouse.down()
    await this.page.mouse.move(to.x - 20, to.y, { steps: dragSteps })
    await this.page.mouse.move(to.x, to.y, { steps: 2 })
    await this.page.mouse.up()
  }

  /** Opens the list from where one is writing, and goes on from the node selected. */
  async addNext(search: string): Promise<void> {
    await this.press('Alt+a')
    await this.choose(search)
  }

  /** A field of the inspector, by its path inside the node (`data.url`); the first input in it. */
  field(path: string): Locator {
    return this.page.locator(`[data-field="${path}"]`).locator('textarea, input, [role=combobox]').first()
  }

  /** Writes into a field of the inspector. */
  async fill(path: string, text: string): Promise<void> {
    this.gestures += 2
    await this.field(path).click()
    await this.page.keyboard.insertText(text)
  }

  /** Waits until the cursor is in a field of the inspector. */
  async waitForField(path: string): Promise<void> {
    await this.page.waitForFunction(
      (name) => document.activeElement?.closest('[data-field]')?.getAttribute('data-field') === name,
      path,
    )
  }

  /** Looks for a node by its id or label, selects it and brings it into view. The canvas has the keyboard. */
  async find(search: string): Promise<void> {
    await this.press('Control+f')
    await this.choose(search)
  }

  /** Waits for the field that a new node asks for, and writes into it. */
  async fillAsked(path: string, text: string): Promise<void> {
    await this.waitForField(path)
    this.gestures += 1
    await this.page.keyboard.insertText(text)
  }

  /** What the state pill of a card says. */
  async stateOf(id: string): Promise<string | undefined> {
    return (await this.node(id).locator('[data-status]').getAttribute('data-status')) ?? undefined
  }

  /** Waits until a card shows this state. */
  async waitForState(id: string, status: string): Promise<void> {
    await this.node(id).locator(`[data-status="${status}"]`).waitFor()
  }

  /** Saves the flow under a name, and waits until it is in its file. */
  async save(path: string): Promise<void> {
    await this.press('Control+s')
    await this.page.getByRole('textbox', { name: 'Path' }).waitFor()
    await this.press('Control+a')
    await this.type(path)
    await this.press('Enter')
    await this.page.getByText('Saved', { exact: true }).first().waitFor()
  }

  /** Brings the whole flow into view. */
  async fit(): Promise<void> {
    await this.page.keyboard.press('Shift+Digit1')
    await this.settle()
  }

  async positionOf(id: string): Promise<Place> {
    const box = await boxOf(this.node(id))
    return { x: Math.round(box.x), y: Math.round(box.y) }
  }
}

async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox()
  if (!box) throw new Error('The element is not drawn.')
  return box
}

/** The middle of an element, in pixels of the window. */
export async function centre(locator: Locator): Promise<Place> {
  await locator.waitFor({ state: 'attached' })
  const { x, y, width, height } = await boxOf(locator)
  return { x: x + width / 2, y: y + height / 2 }
}
