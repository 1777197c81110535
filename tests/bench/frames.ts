import type { Page } from 'playwright-core'

/** Frames while a gesture lasted, in milliseconds between them. */
export interface Frames {
  readonly median: number
  /** Nine of ten frames were faster. */
  readonly p90: number
  readonly count: number
}

/** Watches animation frames from before `gesture` until after it. */
export async function frameTimes(page: Page, gesture: () => Promise<void>): Promise<Frames> {
  const watch = await page.evaluateHandle(() => {
    const times: number[] = []
    let running = true
    const tick = (time: number): void => {
      times.push(time)
      if (running) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    return {
      stop: () => {
        running = false
        return times
      },
    }
  })
  await gesture()
  const times = await watch.evaluate((watching) => watching.stop())
  return summarize(times)
}

function summarize(times: readonly number[]): Frames {
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time))
  const sorted = gaps.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { median: at(0.5), p90: at(0.9), count: gaps.length }
}

/** Moves the held mouse in small steps, one per frame. */
export async function dragBy(
  page: Page,
  from: { x: number; y: number },
  by: { x: number; y: number },
  steps: number,
): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  for (let i = 1; i <= steps; i++) {
    await page.mouse.move(from.x + (by.x * i) / steps, from.y + (by.y * i) / steps)
    await nextFrame(page)
  }
  await page.mouse.up()
}

export async function nextFrame(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
}
