import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWithBrowser, launchChromium } from '../support/chromium.ts'
import { serveDevelopmentPages } from './developmentPage.ts'
import { centre, FlowDriver } from './flowDriver.ts'

describeWithBrowser('gestures on the canvas', () => {
  let pages: Awaited<ReturnType<typeof serveDevelopmentPages>>
  let browser: Browser
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
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(`${pages.url}cards.html?nodes=0`)
    await page.locator('.react-flow__pane').waitFor()
    flow = new FlowDriver(page)
  })

  afterEach(async () => {
    await page.close()
    expect(faults.splice(0)).toEqual([])
  })

  it('starts an empty flow with the first node and a start wired to it', async () => {
    await flow.add('http')
    expect(await flow.edgeTexts()).toEqual(['start -> http'])
    expect(await flow.selectedIds()).toEqual(['http'])
  })

  it('goes on from the selected node', async () => {
    await flow.add('http')
    await flow.add('if')
    await flow.add('write file')
    expect(await flow.edgeTexts()).toEqual(['http -> if1', 'if1:true -> writeFile', 'start -> http'])
  })

  it('opens the list where the canvas is double-clicked, without wiring', async () => {
    await flow.add('http')
    await flow.doubleClickPane(300, 700)
    await flow.choose('log')
    expect(await flow.edgeTexts()).toEqual(['start -> http'])
    const at = await centre(flow.node('log'))
    const asked = await flow.pane(300, 700)
    expect(Math.abs(at.x - asked.x) + Math.abs(at.y - asked.y)).toBeLessThan(5)
  })

  it('wires a node that is chosen where a wire was let go', async () => {
    await flow.add('if')
    await flow.wireToNew({ node: 'if1', handle: 'source:false' }, { x: 120, y: 160 }, 'log')
    expect(await flow.edgeTexts()).toEqual(['if1:false -> log', 'start -> if1'])
  })

  it('draws a wire between two handles, and to a card as a whole', async () => {
    await flow.add('if')
    await flow.add('log')
    await flow.wire({ node: 'if1', handle: 'source:false' }, { node: 'log', handle: 'target:in' })
    expect(await flow.edgeTexts()).toContain('if1:false -> log')
    await flow.clickEdge('if1:false -> log')
    await flow.press('Delete')
    expect(await flow.edgeTexts()).not.toContain('if1:false -> log')
    await flow.drag(await centre(flow.handle('if1', 'source:false')), await centre(flow.node('log')))
    expect(await flow.edgeTexts()).toContain('if1:false -> log')
  })

  it('refuses a wire that cannot be, and says why', async () => {
    await flow.add('http')
    const from = await centre(flow.handle('start', 'source:out'))
    const to = await centre(flow.handle('http', 'target:in'))
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x - 4, to.y, { steps: 5 })
    await page.getByText('They are connected already.').waitFor()
    await page.mouse.up()
    expect(await flow.edgeTexts()).toEqual(['start -> http'])
  })

  it('inserts a node into an edge by its button, and makes room', async () => {
    await flow.add('http')
    await flow.hoverEdge('start -> http')
    await flow.click(page.locator('[data-insert="start -> http"]'))
    await flow.choose('set values')
    expect(await flow.edgeTexts()).toEqual(['set -> http', 'start -> set'])
    const [start, set, http] = await Promise.all(['start', 'set', 'http'].map((id) => flow.positionOf(id)))
    expect(start?.x).toBeLessThan((set?.x ?? 0) - 240)
    expect(set?.x).toBeLessThan((http?.x ?? 0) - 240)
  })

  it('inserts a kind that is dropped from the library on an edge', async () => {
    await flow.add('http')
    await flow.dragKind('log', await flow.middleOf('start -> http'))
    expect(await flow.edgeTexts()).toEqual(['log -> http', 'start -> log'])
  })

  it('puts a node that is let go over an edge into it', async () => {
    await flow.add('http')
    await flow.doubleClickPane(300, 650)
    await flow.choose('log')
    const card = await centre(flow.node('log'))
    const edge = await flow.middleOf('start -> http')
    await flow.dragNode('log', { x: edge.x - card.x, y: edge.y - card.y + 16 })
    expect(await flow.edgeTexts()).toEqual(['log -> http', 'start -> log'])
    await flow.press('Control+z')
    expect(await flow.edgeTexts()).toEqual(['start -> http'])
  })

  it('places a kind that is dropped from the library on the canvas', async () => {
    await flow.add('http')
    await flow.dragKind('shell', await flow.pane(500, 650))
    expect(await flow.nodeIds()).toContain('shell')
    expect(await flow.edgeTexts()).toEqual(['start -> http'])
  })

  it('supplies an agent from its diamond', async () => {
    await flow.add('agent')
    await flow.wireToNew({ node: 'agent', handle: 'target:tools' }, { x: 0, y: 140 }, 'http')
    expect(await flow.edgeTexts()).toEqual(['http -> agent:tools', 'start -> agent'])
    expect(await flow.handle('http', 'target:in').count()).toBe(0)
  })

  it('leads an edge elsewhere by its end', async () => {
    await flow.add('http')
    await flow.add('log')
    await flow.add('set values')
    await flow.clickEdge('http -> log')
    const end = await centre(flow.handle('log', 'target:in'))
    await flow.drag({ x: end.x - 20, y: end.y }, await centre(flow.handle('set', 'target:in')))
    expect(await flow.edgeTexts()).toEqual(['http -> set', 'log -> set', 'start -> http'])
  })

  it('deletes a node out of a chain and leaves the chain whole', async () => {
    await flow.add('http')
    await flow.add('log')
    await flow.add('set values')
    await flow.click(flow.node('log'))
    await flow.press('Delete')
    expect(await flow.edgeTexts()).toEqual(['http -> set', 'start -> http'])
  })
})
