import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { JsonObject } from '../../model/json.ts'
import { findChromium } from '../support/findChromium.ts'
import { dragBy, frameTimes, nextFrame, type Frames } from './frames.ts'
import { median } from './measure.ts'
import { serveFolder, serveWorkbench, type ServedPage } from './pages.ts'
import type { Row } from './table.ts'

const sizes = [100, 1000, 5000]
const openings = 3
const viewport = { width: 1440, height: 900 }
const anyNode = '.react-flow__node'

/** What one page took: times in milliseconds. */
interface CanvasTimes {
  readonly opens: readonly number[]
  readonly pan: Frames
  readonly drag: Frames
}

/** Opens, pans and drags flows of several sizes in a real Chromium, beside a page with React Flow alone. */
export async function measureCanvas(report: (row: Row) => void): Promise<void> {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    process.stderr.write('canvas skipped: no Chromium was found (CHROME may name one)\n')
    return
  }
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  try {
    const bare = await measureSubject(browser, bareReactFlow)
    const ours = await measureSubject(browser, workbench)
    for (const n of sizes) reportSize(n, ours.get(n), bare.get(n), report)
  } finally {
    await browser.close()
  }
}

function reportSize(
  n: number,
  ours: CanvasTimes | undefined,
  bare: CanvasTimes | undefined,
  report: (row: Row) => void,
): void {
  if (!ours || !bare) throw new Error(`The canvas was not measured at ${n} nodes.`)
  const targets = n === 5000 ? { open: 1000, frame: 1000 / 30 } : undefined
  report({
    name: 'canvas open',
    n,
    unit: 'ms',
    engine: median(ours.opens),
    best: Math.min(...ours.opens),
    plain: median(bare.opens),
    samples: ours.opens.length,
    ...(targets && { target: targets.open }),
  })
  for (const gesture of ['pan', 'drag'] as const) {
    const [frames, floor] = [ours[gesture], bare[gesture]]
    const note = `90 %: ${frames.p90.toFixed(0)} ms, bare ${floor.p90.toFixed(0)}`
    report({
      name: `canvas ${gesture}`,
      n,
      unit: 'ms/frame',
      engine: frames.median,
      plain: floor.median,
      note,
      ...(targets && { target: targets.frame }),
    })
  }
}

/** A page to measure: how it is served at a size, and how its canvas is opened there. */
interface Subject {
  readonly serve: (n: number) => Promise<ServedPage>
  readonly open: (page: Page, url: string, n: number) => Promise<number>
}

const bareReactFlow: Subject = {
  serve: () => serveFolder(join(import.meta.dirname, '../bench-bare')),
  open: (page, url, n) =>
    timeUntilDrawn(page, async () => {
      await page.goto(`${url}?n=${n}`)
    }),
}

/** Each opening has a workspace of its own: the workbench remembers what was open in one. */
const workbench: Subject = {
  serve: async (n) => {
    const workspace = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
    writeFileSync(join(workspace, 'grid.flow.json'), gridFlow(n))
    const { url, close } = await serveWorkbench(workspace)
    return {
      url,
      close: async () => {
        await close()
        rmSync(workspace, { recursive: true })
      },
    }
  },
  open: async (page, url) => {
    await page.goto(url)
    await page.getByRole('tab', { name: 'Files' }).click()
    const file = page.getByRole('button', { name: 'grid.flow.json' }).first()
    await file.waitFor()
    return timeUntilDrawn(page, () => file.click())
  },
}

async function measureSubject(browser: Browser, subject: Subject): Promise<Map<number, CanvasTimes>> {
  const times = new Map<number, CanvasTimes>()
  for (const n of sizes) {
    const opens: number[] = []
    let moved: Omit<CanvasTimes, 'opens'> | undefined
    while (!moved || opens.length < openings) {
      const isLast = opens.length === openings - 1
      const served = await subject.serve(n)
      const page = await browser.newPage({ viewport })
      try {
        opens.push(await subject.open(page, served.url, n))
        if (isLast) moved = await gestures(page)
      } finally {
        await page.close()
        await served.close()
      }
    }
    times.set(n, { opens, ...moved })
  }
  return times
}

/** From the gesture until a node has been painted. */
async function timeUntilDrawn(page: Page, act: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await act()
  await page.locator(anyNode).first().waitFor()
  await nextFrame(page)
  return performance.now() - started
}

/** Pans by scrolling over the middle of the canvas, then drags one node across it. */
async function gestures(page: Page): Promise<Pick<CanvasTimes, 'pan' | 'drag'>> {
  const box = await page.locator('.react-flow').boundingBox()
  if (!box) throw new Error('There is no canvas to pan.')
  const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const pan = await frameTimes(page, () => wheelBy(page, centre, 60))
  const node = await page.locator(anyNode).first().boundingBox()
  if (!node) throw new Error('There is no node to drag.')
  const drag = await frameTimes(page, () =>
    dragBy(page, { x: node.x + node.width / 2, y: node.y + node.height / 2 }, { x: 300, y: 120 }, 60),
  )
  return { pan, drag }
}

/** Two-finger scrolling, one step per frame. */
async function wheelBy(page: Page, at: { x: number; y: number }, steps: number): Promise<void> {
  await page.mouse.move(at.x, at.y)
  for (let i = 0; i < steps; i++) {
    await page.mouse.wheel(i % 20 < 10 ? 24 : -24, 12)
    await nextFrame(page)
  }
}

/** A chain of n nodes, laid out as a square, so that opening has nothing to lay out. */
function gridFlow(n: number): string {
  const columns = Math.ceil(Math.sqrt(n))
  const id = (i: number): string => `n${i}`
  const nodes: JsonObject = { [id(0)]: { kind: 'start' } }
  const places: Record<string, [number, number]> = { [id(0)]: [0, 0] }
  const edges: string[] = []
  for (let i = 1; i < n; i++) {
    nodes[id(i)] = { kind: 'set', label: `Node ${i}`, data: { values: { x: '{{ prev.x }}' } } }
    places[id(i)] = [(i % columns) * 320, Math.floor(i / columns) * 120]
    edges.push(`${id(i - 1)} -> ${id(i)}`)
  }
  return JSON.stringify({ format: 'switchyard.flow/1', name: 'Grid', nodes, edges, layout: { nodes: places } })
}
