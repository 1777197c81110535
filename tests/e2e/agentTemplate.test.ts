import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser, launchChromium } from '../support/chromium.ts'
import { startScriptedModel, type ScriptedModel } from '../support/openaiServer.ts'
import { saveScreenshot } from '../support/screenshot.ts'
import { templateModels } from '../support/templateModels.ts'
import { tempFolder, type TempFolder } from '../support/tempFolder.ts'
import { FlowDriver } from './flowDriver.ts'
import { serveApp, type ServedApp } from './servedApp.ts'

describeWithBrowser('the research agent of the gallery', () => {
  let model: ScriptedModel
  let workspace: TempFolder
  let app: ServedApp
  let browser: Browser
  let page: Page
  let flow: FlowDriver

  beforeAll(async () => {
    model = await startScriptedModel(templateModels['research-agent'])
    workspace = await tempFolder()
    app = await serveApp(workspace.path, { OPENAI_BASE_URL: model.baseURL, OPENAI_API_KEY: 'sk-scripted' })
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    flow = new FlowDriver(page)
    await page.goto(app.url)
  })

  afterAll(async () => {
    await browser.close()
    await app.stop()
    await model.close()
    await workspace.remove()
  })

  it('is opened by a click, with its tools wired to it', async () => {
    await page.getByRole('button', { name: 'Research agent' }).click()
    await flow.node('agent').waitFor()
    const supplies = (await flow.edgeTexts()).filter((edge) => edge.endsWith('-> agent:tools'))
    expect(supplies).toEqual(['fetchPage -> agent:tools', 'listNotes -> agent:tools', 'readNote -> agent:tools'])
  })

  it('runs at once and writes its answer', async () => {
    await flow.press('Control+Enter')
    await flow.node('agent').locator('[data-status="done"]').waitFor()
    await page.getByText('Last run').first().waitFor()
    expect(model.chats).toHaveLength(3)
    expect(await readFile(workspace.at('answer.md'), 'utf8')).toContain('10 messages per minute')
  })

  it('shows each call of the agent, the failed one too', async () => {
    await flow.fit()
    await flow.click(flow.node('agent'))
    await page.getByRole('tab', { name: 'Last run' }).click()
    const timeline = page.getByRole('tabpanel', { name: 'Timeline' })
    for (const tool of ['List the notes', 'Read a note', 'Fetch a web page'])
      await timeline.getByText(tool).waitFor({ state: 'attached' })
    expect(await flow.stateOf('readNote')).toBe('done')
    expect(await flow.stateOf('fetchPage')).toBe('failed')
    await saveScreenshot(page, 'canvas')
  })
})
