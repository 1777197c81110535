import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { JsonObject } from '../../model/json.ts'
import { findChromium } from '../support/findChromium.ts'
import { dragBy, frameTimes, nextFrame, type Frames } from './frames.ts'
import { median } from './measure.ts'
import { serveFolder, serveWorkbench } from './pages.ts'
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
    const bare = await measureBare(browser)
    const workbench = await measureWorkbench(browser)
    for (const n of sizes) reportSize(n, workbench.get(n), bare.get(n), report)
  } finally {
    await browser.close()
  }
}

function reportSize(
  n: number,
  workbench: CanvasTimes | undefined,
  bare: CanvasTimes | undefined,
  report: (row: Row) => void,
): void {
  if (!workbench || !bare) throw new Error(`The canvas was not measured at ${n} nodes.`)
  const targets = n === 5000 ? { open: 1000, frame: 1000 / 30 } : undefined
  report({
    name: 'canvas open',
    n,
    unit: 'ms',
    engine: median(workbench.opens),
    best: Math.min(...workbench.opens),
    plain: median(bare.opens),
    samples: workbench.opens.length,
    ...(targets && { target: targets.open }),
  })
  for (const gesture of ['pan', 'drag'] as const) {
    const [ours, floor] = [workbench[gesture], bare[gesture]]
    const note = `90 %: ${ours.p90.toFixed(0)} ms, bare ${floor.p90.toFixed(0)}`
    report({
      name: `canvas ${gesture}`,
      n,
      unit: 'ms/frame',
      engine: ours.median,
      plain: floor.median,
      note,
      ...(targets && { target: targets.frame }),
    })
  }
}

async function measureBare(browser: Browser): Promise<Map<number, CanvasTimes>> {
  const server = await serveFolder(join(import.meta.dirname, '../bench-bare'))
  const opener = (n: number) => (page: Page) =>
    timeUntilDrawn(page, anyNode, async () => {
      await page.goto(`${server.url}?n=${n}`)
    })
  try {
    return await measureSizes(browser, opener)
  } finally {
    await server.close()
  }
}

async function measureWorkbench(browser: Browser): Promise<Map<number, CanvasTimes>> {
  const workspace = mkdtempSync(join(tmpdir(), 'switchyard-bench-'))
  for (const n of sizes) writeFileSync(join(workspace, `${fileName(n)}.flow.json`), gridFlow(n))
  const server = await serveWorkbench(workspace)
  const opener = (n: number) => async (page: Page) => {
    await page.goto(server.url)
    await page.getByRole('tab', { name: 'Files' }).click()
    const file = page.getByRole('button', { name: fileName(n) }).first()
    await file.waitFor()
    return timeUntilDrawn(page, `${anyNode}[data-id^="${nodePrefix(n)}"]`, () => file.click())
  }
  try {
    return await measureSizes(browser, opener)
  } finally {
    await server.close()
    rmSync(workspace, { recursive: true })
  }
}

type Opener = (n: number) => (page: Page) => Promise<number>

async function measureSizes(browser: Browser, opener: Opener): Promise<Map<number, CanvasTimes>> {
  const times = new Map<number, CanvasTimes>()
  for (const n of sizes) times.set(n, await measurePage(browser, opener(n)))
  return times
}

/** Opens several times, each in a fresh page, and makes the gestures in the last one. */
async function measurePage(browser: Browser, open: (page: Page) => Promise<number>): Promise<CanvasTimes> {
  const opens: number[] = []
  for (let i = 1; i < openings; i++) {
    const page = await browser.newPage({ viewport })
    opens.push(await open(page))
    await page.close()
  }
  const page = await browser.newPage({ viewport })
  opens.push(await open(page))
  const moved = await gestures(page)
  await page.close()
  return { opens, ...moved }
}

/** From the gesture until a node that `selector` names has been painted. */
async function timeUntilDrawn(page: Page, selector: string, act: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await act()
  await page.locator(selector).first().waitFor()
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

const fileName = (n: number): string => `grid${n}`
/** Of the ids of a grid's nodes, so that one grid's nodes are not taken for another's. */
const nodePrefix = (n: number): string => `grid${n}n`

/** A chain of n nodes, laid out as a square, so that opening has nothing to lay out. */
function gridFlow(n: number): string {
  const columns = Math.ceil(Math.sqrt(n))
  const id = (i: number): string => `${nodePrefix(n)}${i}`
  const nodes: JsonObject = { [id(0)]: { kind: 'start' } }
  const places: Record<string, [number, number]> = { [id(0)]: [0, 0] }
  const edges: string[] = []
  for (let i = 1; i < n; i++) {
    nodes[id(i)] = { kind: 'set', label: `Node ${i}`, data: { values: { x: '{{ prev.x }}' } } }
    places[id(i)] = [(i % columns) * 320, Math.floor(i / columns) * 120]
    edges.push(`${id(i - 1)} -> ${id(i)}`)
  }
  return JSON.stringify({ format: 'switchyard.flow/1', name: fileName(n), nodes, edges, layout: { nodes: places } })
}
