import { openWorkspace } from '../workspace/workspaceFolder.ts'
import { exitCodes, type ExitCode } from './outcome.ts'
import type { Terminal } from './terminal.ts'

export interface ServeArguments {
  readonly workspace: string
  readonly port?: number
  /** Whether a browser may be opened. */
  readonly open: boolean
}

/** `switchyard serve`: prints the address, one line, and serves until it is ended. */
export async function serveCommand(terminal: Terminal, args: ServeArguments): Promise<ExitCode> {
  const { serve } = await import('../serve.ts')
  const { canOpenBrowser, openBrowser } = await import('../serve/openBrowser.ts')
  const workspace = await openWorkspace(args.workspace)
  const host = await serve({ workspace, ...(args.port !== undefined && { port: args.port }) })
  const ended = new Promise<void>((resolve) => {
    process.on('SIGINT', () => resolve())
    process.on('SIGTERM', () => resolve())
  })
  terminal.out(`${host.url}\n`)
  terminal.err(`Serving ${workspace.root}. The address lets whoever has it use this workspace. Ctrl+C ends it.\n`)
  if (args.open && canOpenBrowser(process.env, process.platform)) await openBrowser(host.url, process.platform)
  await ended
  await host.close()
  return exitCodes.ok
}
