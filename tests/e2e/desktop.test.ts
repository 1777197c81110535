import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron as electron } from 'playwright-core'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Electron's binary, found without importing anything of it: importing starts a download. */
function findBinary(): string | undefined {
  const folder = join(root, 'node_modules', 'electron')
  const record = join(folder, 'path.txt')
  const binary = existsSync(record) ? join(folder, 'dist', readFileSync(record, 'utf8').trim()) : undefined
  return binary !== undefined && existsSync(binary) ? binary : undefined
}

const binary = findBinary()
const hasScreen = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])

describe.skipIf(binary === undefined || !hasScreen)('the desktop app', () => {
  it('opens a sandboxed window that speaks to its engine and can do nothing else', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'switchyard-desktop-'))
    const app = await electron.launch({
      ...(binary !== undefined && { executablePath: binary }),
      args: [root, '--workspace', workspace],
    })
    try {
      const page = await app.firstWindow()
      expect(page.url()).toBe('app://switchyard/index.html')
      expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis))).toEqual(
        [],
      )
      const info = await page.evaluate(() =>
        (globalThis as unknown as { switchyardShell: { info(): Promise<unknown> } }).switchyardShell.info(),
      )
      expect(info).toMatchObject({ workspace })
      await page.getByRole('button', { name: 'Run' }).first().waitFor()
      await expect.poll(() => existsSync(join(workspace, '.switchyard', 'engine.json')), { timeout: 20_000 }).toBe(true)
      expect(
        await page.evaluate(() =>
          fetch('https://example.com/').then(
            () => 'reached',
            () => 'refused',
          ),
        ),
      ).toBe('refused')
    } finally {
      await app.close()
    }
  })
})
