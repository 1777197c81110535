import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const pageLifeMs = 30_000

/** Whether a browser could show up: somebody sits here, and there is a screen. */
export function canOpenBrowser(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (env['CI'] || env['SSH_CONNECTION']) return false
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])
}

/**
 * Opens the system's browser. The address holds the token, and command lines can be read by every user of the
 * machine, so the browser is given an owner-only page that leads there.
 */
export async function openBrowser(url: string, platform: NodeJS.Platform): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-open-'))
  const page = join(folder, 'open.html')
  await writeFile(page, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}"><title>Switchyard</title>`, {
    mode: 0o600,
  })
  const [command, ...args] = launcher(platform, pathToFileURL(page).href)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined) // no launcher on this system: the printed address remains
  child.unref()
  setTimeout(() => void rm(folder, { recursive: true, force: true }), pageLifeMs).unref()
}

function launcher(platform: NodeJS.Platform, target: string): [string, ...string[]] {
  if (platform === 'darwin') return ['open', target]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', target]
  return ['xdg-open', target]
}
