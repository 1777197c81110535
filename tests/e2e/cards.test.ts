import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithBrowser, launchChromium } from '../support/chromium.ts'
import { faultsOfCards } from './cardChecks.ts'
import { serveDevelopmentPages } from './developmentPage.ts'

const themes = ['light', 'dark'] as const
const zooms = [1, 0.5, 0.25] as const
const cases = themes.flatMap((theme) => zooms.map((zoom) => ({ theme, zoom })))

describeWithBrowser('every card in every state', () => {
  let pages: Awaited<ReturnType<typeof serveDevelopmentPages>>
  let browser: Browser

  beforeAll(async () => {
    ;[pages, browser] = await Promise.all([serveDevelopmentPages(), launchChromium()])
  })

  afterAll(async () => {
    await browser.close()
    await pages.close()
  })

  it.for(cases)('can be read and told apart: $theme at $zoom', async ({ theme, zoom }) => {
    const page = await browser.newPage({ viewport: { width: 1900, height: 1000 }, reducedMotion: 'reduce' })
    await page.goto(`${pages.url}cards.html?theme=${theme}&zoom=${zoom}`)
    await page.locator('[data-ready]').waitFor()
    const cards = page.locator('.react-flow__node')
    await cards.first().waitFor()
    expect(await cards.count()).toBeGreaterThan(50)
    expect(await page.evaluate(faultsOfCards)).toEqual([])
    await page.close()
  })

  it('sees a fault where there is one', async () => {
    const page = await browser.newPage({ viewport: { width: 1900, height: 1000 } })
    await page.goto(`${pages.url}cards.html`)
    await page.locator('[data-ready]').waitFor()
    await page.addStyleTag({
      content: ':root { --text-2: #bbb; --edge: #ddd } .react-flow__node [title] { letter-spacing: 3px }',
    })
    await page.evaluate(() => {
      for (const element of document.querySelectorAll('.react-flow__node [title]')) element.removeAttribute('title')
    })
    const faults = (await page.evaluate(faultsOfCards)).join('\n')
    for (const fault of ['has a contrast of', 'is clipped without a tooltip', '--edge on --canvas'])
      expect(faults).toContain(fault)
    await page.close()
  })
})
