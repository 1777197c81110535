import type { CustomScheme } from 'electron'
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { shellOrigin } from '../model/shellApi.ts'

/** Registered before the app is ready: a scheme like https, with an origin and fetch of its own. */
export const appScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true },
}

/** No script from text, no frame, no network. Monaco needs inline styles and blob workers. */
export const contentSecurityPolicy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `font-src 'self' data:`,
  `connect-src 'self'`,
  `worker-src 'self' blob:`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
}

/** Answers `app://switchyard/…` with the files of one folder, and nothing outside it. */
export function createAppHandler(folder: string): (request: Pick<Request, 'url' | 'method'>) => Promise<Response> {
  return async ({ url, method }) => {
    const path = method === 'GET' ? filePathOf(url) : undefined
    const file = path === undefined ? undefined : await contained(folder, path)
    if (file === undefined) return new Response('There is no such page.', { status: 404, headers: headersFor('.txt') })
    return new Response(new Uint8Array(await readFile(file)), { headers: headersFor(extname(file)) })
  }
}

/** Path below the page's folder; undefined for another host, a hidden `..` or a character no file of ours has. */
function filePathOf(url: string): string | undefined {
  if (!url.startsWith(`${shellOrigin}/`) || !URL.canParse(url)) return undefined
  const { pathname } = new URL(url)
  const path = pathname === '/' ? 'index.html' : pathname.slice(1)
  const isPlain =
    /^[A-Za-z0-9_@+.~/-]+$/.test(path) && !path.split('/').some((part) => part === '..' || part === '.' || part === '')
  return isPlain ? path : undefined
}

/** The real path of a file, if it lies in the folder after every symlink is resolved. */
async function contained(folder: string, path: string): Promise<string | undefined> {
  const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path)).catch(() => undefined)])
  return file?.startsWith(root + sep) && extname(file) !== '' ? file : undefined
}

function headersFor(extension: string): Record<string, string> {
  return {
    'content-type': types[extension] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
}
