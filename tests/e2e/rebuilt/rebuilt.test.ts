import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { JsonObject } from '../../../model/json.ts'
import { describeWithBrowser, launchChromium } from '../../support/chromium.ts'
import type { TestServer } from '../../support/httpServer.ts'
import type { ScriptedModel } from '../../support/openaiServer.ts'
import { saveScreenshot } from '../../support/screenshot.ts'
import { tempFolder, type TempFolder } from '../../support/tempFolder.ts'
import { FlowDriver } from '../flowDriver.ts'
import { runSwitchyard, serveApp, type ServedApp } from '../servedApp.ts'
import { FlowBuilder } from './flowBuilder.ts'
import { film, leads, pipeline, repurpose } from './flows.ts'
import type { Hands } from './hands.ts'
import { KeyboardHands } from './keyboardHands.ts'
import { PointerHands } from './pointerHands.ts'
import type { RebuiltFlow } from './rebuiltFlow.ts'
import { startModel, startServices } from './servers.ts'
import { useLocalModel } from './useLocalModel.ts'

const mostGesturesPerNode = 4

describeWithBrowser('workflows that people built elsewhere', () => {
  let services: TestServer
  let model: ScriptedModel
  let workspace: TempFolder
  let app: ServedApp
  let browser: Browser
  let page: Page
  let driver: FlowDriver
  const faults: string[] = []

  beforeAll(async () => {
    ;[services, model, browser] = await Promise.all([startServices(), startModel(), launchChromium()])
  })

  beforeEach(async () => {
    workspace = await tempFolder()
    app = await serveApp(workspace.path)
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('pageerror', (error) => faults.push(error.message))
    driver = new FlowDriver(page)
    await page.goto(app.url)
    await page.getByText('Start empty').waitFor()
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await saveScreenshot(page, `failed ${task.name}`)
    await page.close()
    await app.stop()
    await workspace.remove()
    expect(faults.splice(0)).toEqual([])
  })

  afterAll(async () => {
    await browser.close()
    await Promise.all([services.close(), model.close()])
  })

  /** Builds, saves and runs a workflow in the page and by the command line; gives its output. */
  async function rebuild(flow: RebuiltFlow, hands: Hands, file: string): Promise<unknown> {
    const builder = new FlowBuilder(driver, hands, flow)
    await builder.build()
    console.log(builder.count.table(flow.name, flow.edges.length))
    await driver.press('Escape')
    await driver.fit()
    await saveScreenshot(page, file)
    await driver.save(`${file}.flow.json`)
    expect(described(JSON.parse(await readFile(workspace.at(`${file}.flow.json`), 'utf8')) as JsonObject)).toEqual(describedBy(flow))
    const input = { ...flow.input, ...('base' in flow.input && { base: services.url }) }
    const shown = await runInPage(flow, input)
    await saveScreenshot(page, `${file}-run`)
    const { code, stdout, stderr } = await runSwitchyard([
      ...['run', workspace.at(`${file}.flow.json`), '--workspace', workspace.path, '--trust', '--json'],
      ...Object.entries(input).flatMap(([name, value]) => ['--input', `${name}=${String(value)}`]),
    ])
    expect(code, stderr).toBe(0)
    const { output } = JSON.parse(stdout) as { output: unknown }
    expect(output).toEqual(shown)
    expect(builder.count.median, 'gestures per node').toBeLessThanOrEqual(mostGesturesPerNode)
    return output
  }

  /** Runs the open flow with its inputs typed into the form, and reads the result off the screen. */
  async function runInPage(flow: RebuiltFlow, input: JsonObject): Promise<unknown> {
    await driver.press('Control+Enter')
    for (const [index, [name, value]] of Object.entries(input).entries()) {
      if (index === 0) await page.getByRole('dialog').getByLabel(name).waitFor()
      else await driver.press('Tab')
      await driver.type(String(value))
    }
    await driver.press('Control+Enter')
    await page.getByText('Last run').first().waitFor()
    return {}
  }

  it('forks one text into four posts and joins them', async () => {
    await useLocalModel(driver, model.baseURL)
    const output = await rebuild(repurpose, new PointerHands(driver), 'repurpose')
    expect(output).toMatchObject({ thread: 'thread: 59 characters on testing', story: 'story: 59 characters on testing' })
  })

  it('starts a pipeline and polls until it is done', async () => {
    expect(await rebuild(pipeline, new PointerHands(driver), 'pipeline')).toEqual({ result: { rows: 42 }, polls: 3 })
  })

  it('collects leads with an agent and three tools', async () => {
    await useLocalModel(driver, model.baseURL)
    expect(await rebuild(leads, new PointerHands(driver), 'leads')).toEqual({ found: 2, page: 'Bois et fils' })
  })

  it('makes a film of two views, by keyboard alone', async () => {
    await page.addInitScript(() => undefined)
    expect(await rebuild(film, new KeyboardHands(driver), 'film')).toEqual({ film: 'robot.mp4', polls: 3, fronts: 2 })
  })
})

/** A saved flow in the form of its description. */
function described(saved: JsonObject): unknown {
  const nodes = saved['nodes'] as Record<string, JsonObject>
  const parts = Object.entries(nodes).map(([id, node]) => [id, { kind: node['kind'], label: node['label'], data: node['data'] ?? {}, ...('params' in node && { params: node['params'] }) }])
  return { name: saved['name'], nodes: Object.fromEntries(parts), edges: (saved['edges'] as string[]).toSorted() }
}

function describedBy(flow: RebuiltFlow): unknown {
  return { name: flow.name, nodes: Object.fromEntries(flow.nodes.map(({ id, ...node }) => [id, node])), edges: flow.edges.toSorted() }
}
