import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWithBrowser, launchChromium } from '../support/chromium.ts'
import { serveDevelopmentPages } from './developmentPage.ts'
import { centre, FlowDriver } from './flowDriver.ts'

/** Pixels that a drag needs before it counts as one. */
const slack = 6

describeWithBrowser('editing on the canvas', () => {
  let pages: Awaited<ReturnType<typeof serveDevelopmentPages>>
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let flow: FlowDriver
  const faults: string[] = []

  beforeAll(async () => {
    ;[pages, browser] = await Promise.all([serveDevelopmentPages(), launchChromium()])
  })

  afterAll(async () => {
    await browser.close()
    await pages.close()
  })

  beforeEach(async () => {
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    page = await openPage()
    flow = new FlowDriver(page)
  })

  afterEach(async () => {
    await context.close()
    expect(faults.splice(0)).toEqual([])
  })

  async function openPage(nodes = 0): Promise<Page> {
    const opened = await context.newPage()
    opened.on('pageerror', (error) => faults.push(error.message))
    await opened.goto(`${pages.url}cards.html?nodes=${nodes}`)
    await opened.locator('.react-flow__pane').waitFor()
    return opened
  }

  async function menuItem(name: string): Promise<void> {
    await flow.click(page.getByRole('menuitem', { name }))
    await page.getByRole('menu').waitFor({ state: 'detached' })
  }

  it('moves what is dragged, as one step of undo', async () => {
    await flow.add('http')
    const before = await flow.positionOf('http')
    await flow.dragNode('http', { x: 40, y: 120 })
    const after = await flow.positionOf('http')
    expect(Math.abs(after.x - before.x - 40)).toBeLessThan(slack)
    expect(Math.abs(after.y - before.y - 120)).toBeLessThan(slack)
    await flow.press('Control+z')
    expect(await flow.positionOf('http')).toEqual(before)
  })

  it('selects with a box and moves the lot', async () => {
    await flow.add('http')
    await flow.add('log')
    const start = await flow.positionOf('start')
    const log = await flow.positionOf('log')
    await flow.drag({ x: start.x - 20, y: start.y - 40 }, { x: log.x + 100, y: log.y + 120 })
    expect(await flow.selectedIds()).toEqual(['start', 'http', 'log'])
    await flow.dragNode('http', { x: 0, y: 60 })
    const moved = (await flow.positionOf('start')).y - start.y
    expect(Math.abs(moved - 60)).toBeLessThan(slack)
    expect((await flow.positionOf('log')).y - log.y).toBe(moved)
  })

  it('nudges by one and by ten', async () => {
    await flow.add('http')
    await flow.press('Escape')
    await flow.click(flow.node('http'))
    const before = await flow.positionOf('http')
    await flow.press('ArrowRight')
    await flow.press('Shift+ArrowDown')
    expect(await flow.positionOf('http')).toEqual({ x: before.x + 1, y: before.y + 10 })
    await flow.press('Control+z')
    expect(await flow.positionOf('http')).toEqual(before)
  })

  it('copies nodes as readable JSON and pastes them into another window', async () => {
    await flow.add('http')
    await flow.add('log')
    await flow.press('Control+a')
    await flow.press('Control+c')
    const text = await page.evaluate(() => navigator.clipboard.readText())
    expect(JSON.parse(text)).toMatchObject({
      edges: ['http -> log', 'start -> http'],
      nodes: { http: { kind: 'http' } },
    })
    const other = new FlowDriver(await openPage())
    await other.clickPane()
    await other.press('Control+v')
    await other.node('log').waitFor()
    expect(await other.edgeTexts()).toEqual(['http -> log', 'start -> http'])
    await other.press('Control+v')
    await other.node('log2').waitFor()
    expect(await other.edgeTexts()).toContain('http2 -> log2')
  })

  it('cuts, duplicates and deletes', async () => {
    await flow.add('http')
    await flow.press('Control+d')
    expect((await flow.nodeIds()).sort()).toEqual(['http', 'http2', 'start'])
    await flow.press('Control+x')
    expect(await flow.nodeIds()).toEqual(['start', 'http'])
    await flow.press('Control+v')
    await flow.node('http2').waitFor()
    await flow.press('Backspace')
    expect(await flow.nodeIds()).toEqual(['start', 'http'])
  })

  it('adds and pastes from the menu where the menu was opened', async () => {
    await flow.add('http')
    await flow.click(flow.node('http'))
    await flow.press('Control+c')
    const asked = await flow.pane(300, 640)
    await page.mouse.click(asked.x, asked.y, { button: 'right' })
    await menuItem('Paste')
    const pasted = await flow.node('http2').boundingBox()
    expect(Math.abs((pasted?.x ?? 0) - asked.x) + Math.abs((pasted?.y ?? 0) - asked.y)).toBeLessThan(3)
    const next = await flow.pane(800, 600)
    await page.mouse.click(next.x, next.y, { button: 'right' })
    await flow.click(page.getByRole('menuitem', { name: 'Add node…' }))
    await flow.choose('log')
    const log = await centre(flow.node('log'))
    expect(Math.abs(log.x - next.x) + Math.abs(log.y - next.y)).toBeLessThan(3)
  })

  it('renames in place, and Escape leaves the name', async () => {
    await flow.add('http')
    await flow.click(flow.node('http'))
    await flow.press('F2')
    await flow.type('Fetch names')
    await flow.press('Enter')
    await flow.node('http').getByText('Fetch names').waitFor()
    await flow.press('F2')
    await flow.type('Something else')
    await flow.press('Escape')
    await flow.node('http').getByText('Fetch names').waitFor()
  })

  it('disables by key, by toolbar and by menu', async () => {
    await flow.add('http')
    await flow.click(flow.node('http'))
    await flow.press('d')
    await flow.node('http').getByText('disabled').waitFor()
    await flow.click(flow.node('http').getByRole('button', { name: 'Enable' }))
    await flow.node('http').getByText('disabled').waitFor({ state: 'detached' })
    await flow.click(flow.node('http'), { button: 'right' })
    await menuItem('Disable')
    await flow.node('http').getByText('disabled').waitFor()
  })

  it('walks along the edges', async () => {
    await flow.add('http')
    await flow.add('log')
    await flow.press('Alt+ArrowLeft')
    expect(await flow.selectedIds()).toEqual(['http'])
    await flow.press('Alt+ArrowLeft')
    expect(await flow.selectedIds()).toEqual(['start'])
    await flow.press('Alt+ArrowRight')
    expect(await flow.selectedIds()).toEqual(['http'])
  })

  it('goes from node to node with Tab, and means the one reached', async () => {
    await flow.add('http')
    await flow.add('log')
    await flow.press('Escape')
    await flow.press('Escape')
    await flow.press('Tab')
    expect(await flow.selectedIds()).toEqual(['start'])
    await flow.press('Tab')
    expect(await flow.selectedIds()).toEqual(['http'])
    await flow.press('d')
    await flow.node('http').getByText('disabled').waitFor()
  })

  it('finds a node by a text in its settings', async () => {
    await flow.add('http')
    await flow.add('log')
    await flow.press('Control+f')
    await flow.choose('http')
    expect(await flow.selectedIds()).toEqual(['http'])
  })

  it('writes a sticky note', async () => {
    await flow.clickPane()
    await flow.press('Shift+S')
    await page.getByRole('textbox', { name: 'Note' }).waitFor()
    await flow.type('Who reads this?')
    await flow.press('Escape')
    await page.locator('.react-flow__node-note').getByText('Who reads this?').waitFor()
    await flow.press('Control+z')
    await flow.press('Control+z')
    expect(await page.locator('.react-flow__node-note').count()).toBe(0)

    await flow.press('Control+Shift+Z')
    await flow.press('Control+Shift+Z')
    await page.locator('.react-flow__node-note').getByText('Who reads this?').waitFor()
  })

  it('tidies up without overlap, undoably', async () => {
    await flow.add('if')
    await flow.add('log')
    await flow.click(flow.node('if1'))
    await flow.add('shell')
    await flow.dragNode('shell', { x: -30, y: -40 })
    const messy = await flow.positionOf('shell')
    await flow.clickPane()
    await flow.press('Control+Shift+l')
    await flow.settle()
    const boxes = await Promise.all(['start', 'if1', 'log', 'shell'].map((id) => flow.node(id).boundingBox()))
    for (const [index, a] of boxes.entries()) {
      for (const b of boxes.slice(index + 1)) {
        if (!a || !b) throw new Error('A card is not drawn.')
        expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
          true,
        )
      }
    }
    await flow.press('Control+z')
    await flow.settle()
    expect(messy).toBeDefined()
  })

  it('builds a flow by keyboard alone', async () => {
    await flow.press('a')
    await flow.choose('if')
    await flow.press('a')
    await flow.choose('log')
    await flow.press('Alt+ArrowLeft')
    await flow.press('a')
    await flow.choose('shell')
    expect(await flow.edgeTexts()).toEqual(['if1:false -> shell', 'if1:true -> log', 'start -> if1'])
    await flow.press('c')
    await flow.choose('log')
    expect(await flow.edgeTexts()).toContain('shell -> log')
    await flow.press('c')
    await flow.choose('disconnect shell log')
    expect(await flow.edgeTexts()).not.toContain('shell -> log')
    await flow.press('e')
    await flow.choose('fail')
    expect(await flow.edgeTexts()).toContain('shell:error -> fail')
  })

  it('fires nothing from plain letters while one writes', async () => {
    await flow.add('http')
    await flow.click(page.getByRole('searchbox', { name: 'Find a node' }))
    await flow.type('add dp')
    await flow.press('Backspace')
    expect(await flow.nodeIds()).toEqual(['start', 'http'])
    expect(await page.locator('[role=dialog]').count()).toBe(0)
  })

  it('pans with the space bar and with the wheel, and zooms with the wheel and Ctrl', async () => {
    await flow.add('http')
    const before = await flow.positionOf('http')
    const from = await flow.pane(100, 700)
    await page.mouse.move(from.x, from.y)
    await page.keyboard.down('Space')
    await flow.drag(from, { x: from.x + 50, y: from.y - 30 })
    await page.keyboard.up('Space')
    expect(await flow.positionOf('http')).toEqual({ x: before.x + 50, y: before.y - 30 })
    await page.mouse.wheel(0, 100)
    await flow.settle()
    expect((await flow.positionOf('http')).y).toBeLessThan(before.y - 30)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, 120)
    await page.keyboard.up('Control')
    await flow.settle()
    expect((await flow.node('http').boundingBox())?.width).toBeLessThan(240)
    await flow.clickPane()
    await flow.press('0')
    await flow.settle()
    expect((await flow.node('http').boundingBox())?.width).toBe(240)
  })

  it('adds to the selection with Shift', async () => {
    await flow.add('http')
    await flow.click(flow.node('start'))
    await flow.click(flow.node('http'), { modifiers: ['Shift'] })
    expect(await flow.selectedIds()).toEqual(['start', 'http'])
    await flow.press('Escape')
    expect(await flow.selectedIds()).toEqual([])
    expect(await centre(flow.node('http'))).toBeDefined()
  })
})
