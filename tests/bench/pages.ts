import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'

/** A page to open, and how to take its server away again. */
export interface ServedPage {
  readonly url: string
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

/** The workbench over a workspace, as `switchyard serve` gives it to a person. */
export async function serveWorkbench(workspace: string): Promise<ServedPage> {
  const args = [join(root, 'bin/switchyard.mjs'), 'serve', '--port', '0', '--no-open', '--workspace', workspace]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, BROWSER: 'none' },
  })
  const exited = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill()
    await exited
  }
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\/\/127\.0\.0\.1:\S+/.exec(line)?.[0]
    if (url !== undefined) return { url, close }
  }
  throw new Error('switchyard serve ended without naming its address.')
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** The files of a built page, on loopback. */
export async function serveFolder(folder: string): Promise<ServedPage> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const file = join(folder, pathname === '/' ? 'index.html' : pathname)
    readFile(file).then(
      (bytes) =>
        response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
