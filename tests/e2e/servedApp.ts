import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const command = join(import.meta.dirname, '../../bin/switchyard.mjs')
const startMs = 30_000

/** The browser host as a person starts it, over a workspace of its own. */
export interface ServedApp {
  /** Address with the token in it. */
  readonly url: string
  stop(): Promise<void>
}

async function addressOf(child: ChildProcess): Promise<string> {
  let printed = ''
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk)
    const [url] = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(printed) ?? []
    if (url !== undefined) return url
  }
  throw new Error(`The host ended without an address: ${printed}`)
}

/** Runs `switchyard serve` on a free port. Rejects where it prints no address. */
export async function serveApp(workspace: string, env: Readonly<Record<string, string>> = {}): Promise<ServedApp> {
  const child = spawn(process.execPath, [command, 'serve', '--port', '0', '--workspace', workspace], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    signal: AbortSignal.timeout(startMs * 20),
  })
  child.on('error', () => child.kill())
  const url = await addressOf(child)
  child.stdout.resume()
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Runs a command of the command line to its end. */
export async function runSwitchyard(
  args: readonly string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}
