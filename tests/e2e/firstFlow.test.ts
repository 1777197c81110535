import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser, launchChromium } from '../support/chromium.ts'
import { json, startHttpServer, type TestServer } from '../support/httpServer.ts'
import { tempFolder, type TempFolder } from '../support/tempFolder.ts'
import { FlowDriver } from './flowDriver.ts'
import { runSwitchyard, serveApp, type ServedApp } from './servedApp.ts'

const flowFile = 'names.flow.json'
const mostGesturesPerNode = 4

describeWithBrowser('the first flow', () => {
  let server: TestServer
  let workspace: TempFolder
  let app: ServedApp
  let browser: Browser
  let page: Page
  let flow: FlowDriver
  const faults: string[] = []

  beforeAll(async () => {
    server = await startHttpServer({ 'GET /names': json({ names: ['Ada', 'Grace'] }) })
    workspace = await tempFolder()
    app = await serveApp(workspace.path)
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('pageerror', (error) => faults.push(error.message))
    flow = new FlowDriver(page)
    await page.goto(app.url)
  })

  afterAll(async () => {
    await browser.close()
    await app.stop()
    await server.close()
    await workspace.remove()
  })

  it('is built by gestures from an empty canvas', async () => {
    await page.getByText('Start empty').click()
    await flow.node('start').waitFor()
    await flow.addNext('http')
    await flow.fillAsked('data.url', `${server.url}/names`)
    await flow.addNext('if')
    await flow.fillAsked('data.condition', 'prev.status === 200')
    await flow.addNext('set variable')
    await flow.fillAsked('data.name', 'line')
    await flow.fill('data.value', "{{ nodes.http.output.body.names.join(' and ') }}")
    await flow.addNext('write file')
    await flow.fillAsked('data.path', 'out/names.txt')
    await flow.fill('data.content', 'Names: {{ vars.line }}')
    await flow.addNext('return')
    await flow.press('Escape')
    await flow.fit()
    expect(await flow.nodeIds()).toEqual(['start', 'http', 'if1', 'setVariable', 'writeFile', 'return1'])
    expect(await flow.edgeTexts()).toEqual([
      'http -> if1',
      'if1:true -> setVariable',
      'setVariable -> writeFile',
      'start -> http',
      'writeFile -> return1',
    ])
    expect(flow.gestures / 6, 'gestures per node').toBeLessThanOrEqual(mostGesturesPerNode)
  })

  it('runs, and shows its result on the cards', async () => {
    await flow.press('Control+Enter')
    const trust = page.getByRole('button', { name: 'Trust and run' })
    const done = flow.node('return1').locator('[data-status="done"]')
    await trust.or(done).first().waitFor()
    if (await trust.isVisible()) await trust.click()
    await done.waitFor()
    for (const id of ['start', 'http', 'if1', 'setVariable', 'writeFile']) expect(await flow.stateOf(id)).toBe('done')
    expect(await flow.edge('if1:true -> setVariable').locator('[data-run]').getAttribute('data-run')).toBe('taken')
    expect(await readFile(workspace.at('out/names.txt'), 'utf8')).toBe('Names: Ada and Grace')
  })

  it('shows what a node put out', async () => {
    await flow.click(flow.node('writeFile'))
    await page.getByRole('tab', { name: 'Last run' }).click()
    await page.getByText('out/names.txt').first().waitFor()
  })

  it('is undone to the empty canvas and redone', async () => {
    await flow.clickPane()
    const undo = page.getByRole('button', { name: 'Undo' })
    while (await undo.isEnabled()) await flow.press('Control+z')
    expect(await flow.nodeIds()).toEqual(['start'])
    const redo = page.getByRole('button', { name: 'Redo' })
    while (await redo.isEnabled()) await flow.press('Control+Shift+z')
    await flow.fit()
    expect(await flow.nodeIds()).toHaveLength(6)
  })

  it('is saved, and is all there after the page is loaded again', async () => {
    await flow.press('Control+s')
    const path = page.getByRole('textbox', { name: 'Path' })
    await path.fill(flowFile)
    await flow.press('Enter')
    await page.getByText('Saved', { exact: true }).first().waitFor()
    await page.reload()
    await flow.node('start').waitFor()
    await flow.clickPane()
    await flow.fit()
    expect(await flow.nodeIds()).toHaveLength(6)
    await flow.click(flow.node('http'))
    expect(await flow.field('data.url').inputValue()).toBe(`${server.url}/names`)
  })

  it('runs as it was saved from the command line', async () => {
    const before = server.seen.length
    const { code, stdout, stderr } = await runSwitchyard([
      'run',
      workspace.at(flowFile),
      '--workspace',
      workspace.path,
      '--trust',
      '--json',
    ])
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', output: { path: 'out/names.txt' } })
    expect(server.seen.length).toBe(before + 1)
    expect(faults).toEqual([])
  })
})
