import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { RunResult } from '../../engine/run/runHost.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const outDir = join(root, 'dist/faults')

/** Bundles the engine that is to be killed; gives the file. */
export async function buildEngineChild(): Promise<string> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: join(root, 'tests/faults/engineChild.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node22',
      minify: false,
    },
    ssr: { noExternal: true, external: ['openai', 'undici', 'execa', 'quickjs-wasi'] },
  })
  return join(outDir, 'engineChild.js')
}

/** How an engine's life ended. */
export interface EngineEnd {
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
  readonly results: readonly RunResult[]
  readonly events: readonly string[]
  readonly stderr: string
}

export interface EngineOptions {
  readonly failPoint?: string
  /** Kill it with SIGKILL when this many events were seen. */
  readonly killAtEvent?: number
}

/** Runs the engine child until it ends or is killed. */
export async function runEngine(
  program: string,
  args: readonly string[],
  options: EngineOptions = {},
): Promise<EngineEnd> {
  const env = { ...process.env, ...(options.failPoint !== undefined && { SWITCHYARD_FAILPOINT: options.failPoint }) }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const events: string[] = []
  const results: RunResult[] = []
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    if (line.startsWith('event ')) events.push(line.slice(6))
    if (line.startsWith('result ')) results.push(JSON.parse(line.slice(7)) as RunResult)
    if (options.killAtEvent !== undefined && events.length >= options.killAtEvent) child.kill('SIGKILL')
  })
  const { code, signal } = await ended(child)
  return { signal, code, results, events, stderr }
}

async function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal }
}
