import { chromium, type Browser } from 'playwright-core'
import { describe } from 'vitest'
import { findChromium } from './findChromium.ts'

/** Needed as root (containers have no user namespaces), and for steady frames without a display. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
]

/** Starts the browser that {@link findChromium} names. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('No Chromium was found; CHROME may name one.')
  return chromium.launch({ executablePath, args: chromiumFlags })
}

/** A suite that needs a browser: where none can be found its tests are reported as skipped, never as passed. */
export const describeWithBrowser: (name: string, suite: () => void) => void = describe.skipIf(
  findChromium() === undefined,
)
