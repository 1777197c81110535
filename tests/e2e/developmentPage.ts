import { join } from 'node:path'
import { createServer, type ViteDevServer } from 'vite'

const root = join(import.meta.dirname, '../..')

/** Vite serving the development pages on a free port of this machine; the caller closes it. */
export async function serveDevelopmentPages(): Promise<{ url: string; close: () => Promise<void> }> {
  const server: ViteDevServer = await createServer({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, strictPort: false, hmr: false, ws: false, watch: null },
  })
  await server.listen()
  const [url] = server.resolvedUrls?.local ?? []
  if (url === undefined) throw new Error('The development server has no address.')
  return { url, close: () => server.close() }
}
