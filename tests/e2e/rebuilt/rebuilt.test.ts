import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { JsonObject } from '../../../model/json.ts'
import { shortValue } from '../../../renderer/console/valueRows.ts'
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
    await page.addInitScript(markPointer)
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
    await driver.press('Escape')
    await driver.fit()
    await saveScreenshot(page, file)
    await driver.save(`${file}.flow.json`)
    expect(described(await savedFlow(file))).toEqual(describedBy(flow))
    const input = { ...flow.input, ...('base' in flow.input && { base: services.url }) }
    await runInPage(input)
    await hands.showValues()
    const shown = await shownResult(page)
    await saveScreenshot(page, `${file}-run`)
    const output = await runFile(file, input)
    expect(shown).toEqual(shownTexts(output))
    expect(builder.count.median, 'gestures per node').toBeLessThanOrEqual(mostGesturesPerNode)
    return output
  }

  async function savedFlow(file: string): Promise<JsonObject> {
    return JSON.parse(await readFile(workspace.at(`${file}.flow.json`), 'utf8')) as JsonObject
  }

  /** Runs the open flow with its inputs typed into the form. */
  async function runInPage(input: JsonObject): Promise<void> {
    await driver.press('Control+Enter')
    for (const [index, [name, value]] of Object.entries(input).entries()) {
      if (index === 0) await page.getByRole('dialog').getByLabel(name).waitFor()
      else await driver.press('Tab')
      await driver.type(String(value))
    }
    await saveScreenshot(page, 'form')
    await driver.press('Control+Enter')
    await page.getByRole('button', { name: /^Last run/ }).waitFor()
  }

  async function runFile(file: string, input: JsonObject): Promise<unknown> {
    const given = Object.entries(input).flatMap(([name, value]) => ['--input', `${name}=${String(value)}`])
    const path = workspace.at(`${file}.flow.json`)
    const { code, stdout, stderr } = await runSwitchyard([
      'run',
      path,
      '--workspace',
      workspace.path,
      '--trust',
      '--json',
      ...given,
    ])
    expect(code, stderr + stdout).toBe(0)
    return (JSON.parse(stdout) as { output: unknown }).output
  }

  it('forks one text into four posts and joins them', async () => {
    await useLocalModel(driver, model.baseURL)
    const output = await rebuild(repurpose, new PointerHands(driver), 'repurpose')
    expect(output).toMatchObject({
      thread: 'thread: 59 characters on testing',
      story: 'story: 59 characters on testing',
    })
  })

  it('starts a pipeline and polls until it is done', async () => {
    expect(await rebuild(pipeline, new PointerHands(driver), 'pipeline')).toEqual({ result: { rows: 42 }, polls: 3 })
  })

  it('collects leads with an agent and three tools', async () => {
    await useLocalModel(driver, model.baseURL)
    expect(await rebuild(leads, new PointerHands(driver), 'leads')).toEqual({ found: 2, page: 'Bois et fils' })
  })

  it('makes a film of two views, by keyboard alone', async () => {
    expect(await rebuild(film, new KeyboardHands(driver), 'film')).toEqual({ film: 'robot.mp4', polls: 3, fronts: 2 })
    expect(await page.locator('html').getAttribute('data-pointer'), 'the pointer was used').toBeNull()
  })
})

/** Marks the page where a pointer has moved or pressed. */
function markPointer(): void {
  for (const type of ['pointermove', 'pointerdown', 'wheel']) {
    window.addEventListener(type, () => document.documentElement.setAttribute('data-pointer', type), true)
  }
}

/** The result's properties as the console shows them. */
async function shownResult(page: Page): Promise<Record<string, string>> {
  const rows = page.getByRole('tree', { name: 'result' }).locator('[role=treeitem][aria-level="2"]')
  await rows.first().waitFor()
  const texts = await rows.evaluateAll((items) =>
    items.map((item) => [...item.querySelectorAll(':scope > span')].map((span) => span.textContent)),
  )
  return Object.fromEntries(texts.map(([name = '', value = '']) => [name, value]))
}

/** How the console shows a result: texts in quotes, objects by their count. */
function shownTexts(output: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(output as JsonObject).map(([name, value]) => [name, shortValue(value)]))
}

/** A saved flow in the form of its description. */
function described(saved: JsonObject): unknown {
  const nodes = saved['nodes'] as Record<string, JsonObject>
  const parts = Object.entries(nodes).map(([id, node]) => [
    id,
    {
      kind: node['kind'],
      label: node['label'],
      data: node['data'] ?? {},
      ...('params' in node && { params: node['params'] }),
    },
  ])
  return {
    name: saved['name'],
    inputs: Object.keys((saved['inputs'] as JsonObject)['properties'] as JsonObject),
    nodes: Object.fromEntries(parts),
    edges: (saved['edges'] as string[]).toSorted(),
  }
}

function describedBy(flow: RebuiltFlow): unknown {
  return {
    name: flow.name,
    inputs: Object.keys(flow.input),
    nodes: Object.fromEntries(flow.nodes.map(({ id, ...node }) => [id, node])),
    edges: flow.edges.toSorted(),
  }
}
