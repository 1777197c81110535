import { z } from 'zod'
import '../../model/jitless.ts'
import { NodeFailure } from '../../model/failure.ts'
import { loadKinds } from '../kinds.ts'
import { takeEngineLock } from '../workspace/engineLock.ts'
import { ensureDataFolder, openWorkspace } from '../workspace/workspaceFolder.ts'
import { describeError } from './dispatch.ts'
import { Engine } from './engine.ts'
import { listenOnSocket } from './engineSocket.ts'
import { createShellLink, type ShellPort } from './shellLink.ts'

/** What the engine process tells its host, once. */
export type EngineReport =
  | { readonly type: 'ready'; readonly socket: string; readonly resumed: readonly string[] }
  /** Another process holds the workspace's lock. */
  | { readonly type: 'busy' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }

const argumentsSchema = z.tuple([z.string(), z.enum(['desktop', 'browser'])])

/**
 * Lives as long as its host: takes the workspace's lock, goes on with unfinished runs, serves the local socket and, in
 * the desktop shell, the ports it is handed. Arguments: workspace folder and host.
 */
export async function engineProcess(args: readonly string[]): Promise<void> {
  const shell = parentPort()
  const report = (message: EngineReport): void => {
    if (shell) shell.postMessage(message)
    else process.send?.(message)
  }
  try {
    await startEngine(args, shell, report)
  } catch (error) {
    const { code, message } = describeError(error, 'engine')
    report({ type: 'failed', code, message })
    process.exitCode = 1
    letGo()
  }
}

async function startEngine(
  args: readonly string[],
  shell: ShellPort | undefined,
  report: (message: EngineReport) => void,
): Promise<void> {
  const parsed = argumentsSchema.safeParse(args).data
  if (!parsed) throw new NodeFailure('bad-usage', 'The engine process takes a workspace folder and a host.')
  const [folder, host] = parsed
  const workspace = await openWorkspace(folder)
  await ensureDataFolder(workspace)
  const lock = await takeEngineLock(workspace)
  if (!lock) {
    report({ type: 'busy' })
    letGo()
    return
  }
  const link = shell && createShellLink(shell)
  const cipher = await link?.cipher()
  const engine = await Engine.open({
    workspace,
    host,
    kinds: loadKinds(),
    env: process.env,
    onFatal: end,
    ...(cipher && { cipher }),
  })
  link?.serve(engine)
  const socket = await listenOnSocket(engine, workspace)
  const stop = (): void => {
    void socket
      .close()
      .then(() => engine.close())
      .then(() => lock.release())
      .finally(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('disconnect', stop)
  report({ type: 'ready', socket: socket.path, resumed: await resume(engine) })
}

/** A store that cannot be opened is said when runs are asked for; files and settings work without it. */
async function resume(engine: Engine): Promise<string[]> {
  return engine.resume().catch((error: unknown) => {
    process.stderr.write(`runs cannot go on: ${describeError(error, 'resume').message}\n`)
    return []
  })
}

/** The store is lost: the host starts a new process, which goes on from what was committed. */
function end(error: Error): void {
  process.stderr.write(`engine: ${error.message}\n`)
  process.exit(70)
}

/** Electron gives a utility process this port to its parent; there is none in any other process. */
function parentPort(): ShellPort | undefined {
  const port: unknown = Reflect.get(process, 'parentPort')
  return isShellPort(port) ? port : undefined
}

function isShellPort(port: unknown): port is ShellPort {
  return typeof port === 'object' && port !== null && 'postMessage' in port && 'on' in port
}

/** Lets this process end by itself although its parent's channel is open. */
function letGo(): void {
  if (process.connected) process.disconnect()
}
