import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FuseV1Options } from '@electron/fuses'
import { describe, expect, it } from 'vitest'
import { fuses } from './fuses.ts'
import { openKeychain } from './keychain.ts'
import { findWorkspace, rememberWorkspace } from './lastWorkspace.ts'
import { appScheme, contentSecurityPolicy, createAppHandler } from './protocol.ts'
import {
  channelOf,
  isTrustedSender,
  serveShell,
  shellCalls,
  windowReadyChannel,
  type ShellActions,
} from './shellIpc.ts'
import { windowOptions } from './window.ts'

describe('app://', () => {
  async function pageFolder(): Promise<string> {
    const folder = join(await mkdtemp(join(tmpdir(), 'switchyard-app-')), 'renderer')
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'index.html'), 'page')
    await writeFile(join(folder, 'assets', 'a-1.js'), 'script')
    await writeFile(join(folder, '..', 'secret.txt'), 'secret')
    await symlink(join(folder, '..', 'secret.txt'), join(folder, 'link.txt'))
    return folder
  }

  it('gives the files of the page with the policy', async () => {
    const handle = createAppHandler(await pageFolder())
    const page = await handle({ url: 'app://switchyard/', method: 'GET' })
    expect([page.status, await page.text(), page.headers.get('content-type')]).toEqual([
      200,
      'page',
      'text/html; charset=utf-8',
    ])
    expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await handle({ url: 'app://switchyard/assets/a-1.js?v=1#x', method: 'GET' })).status).toBe(200)
  })

  it.each([
    'app://switchyard/../secret.txt',
    'app://switchyard/%2e%2e/secret.txt',
    'app://switchyard/..%2fsecret.txt',
    'app://switchyard/assets/..%5c..%5csecret.txt',
    'app://switchyard//etc/passwd',
    'app://switchyard/link.txt',
    'app://switchyard/assets',
    'app://switchyard/none.js',
    'app://evil/index.html',
    'app://switchyard@evil/index.html',
    'file:///etc/passwd',
  ])('gives nothing for %s', async (url) => {
    const answer = await createAppHandler(await pageFolder())({ url, method: 'GET' })
    expect([answer.status, await answer.text()]).toEqual([404, 'There is no such page.'])
  })

  it('is a secure scheme with an origin, and its policy allows no script from text, no frame and no network', () => {
    expect(appScheme).toEqual({ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } })
    expect(contentSecurityPolicy).not.toMatch(/unsafe-eval|https?:|ws:|\*/)
    expect(contentSecurityPolicy).toContain(`default-src 'none'; script-src 'self'`)
    expect(contentSecurityPolicy).toContain(`frame-ancestors 'none'`)
  })
})

describe('the window', () => {
  it('is sandboxed and isolated', () => {
    expect(windowOptions('/preload.cjs', true).webPreferences).toMatchObject({
      preload: '/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
    })
  })

  it('belongs to a binary whose back doors are closed', () => {
    expect(Object.keys(fuses).every((name) => name in FuseV1Options)).toBe(true)
    expect(fuses).toMatchObject({
      RunAsNode: false,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableCookieEncryption: true,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
    })
  })
})

describe('calls of the page', () => {
  type Handler = (event: object, argument?: unknown) => Promise<unknown>

  function serveFake() {
    const handlers = new Map<string, Handler>()
    const calls: unknown[] = []
    const actions: ShellActions<string> = {
      info: async () => ({ version: '1', platform: 'linux', workspace: '/w', keychain: false }),
      openWorkspace: async () => null,
      chooseFile: async (request) => (calls.push(request), '/chosen'),
      openExternal: async (url) => (calls.push(url), true),
      adopt: (window) => calls.push(window),
    }
    serveShell<string>(
      { handle: (channel: string, handler: unknown) => handlers.set(channel, handler as Handler) },
      actions,
    )
    return { handlers, calls }
  }

  const ourFrame = { url: 'app://switchyard/index.html' }
  const ourEvent = { senderFrame: ourFrame, sender: { mainFrame: ourFrame } }

  it('are answered on exactly the channels of the table', () => {
    const { handlers } = serveFake()
    const names = Object.keys(shellCalls) as (keyof typeof shellCalls)[]
    expect([...handlers.keys()].sort()).toEqual([...names.map(channelOf), windowReadyChannel].sort())
  })

  it('are made by the preload on the same channels', async () => {
    const { handlers } = serveFake()
    const source = await readFile(fileURLToPath(new URL('./preload.ts', import.meta.url)), 'utf8')
    const invoked = [...source.matchAll(/invoke\('([^']+)'/g)].map(([, channel]) => channel)
    expect(invoked.sort()).toEqual([...handlers.keys()].sort())
  })

  it.each([
    [
      'a frame inside the page',
      { senderFrame: { url: 'app://switchyard/index.html' }, sender: { mainFrame: ourFrame } },
    ],
    [
      'another page',
      { senderFrame: { url: 'https://evil.example/' }, sender: { mainFrame: { url: 'https://evil.example/' } } },
    ],
    ['a frame that is gone', { senderFrame: null, sender: { mainFrame: ourFrame } }],
  ])('are refused from %s, on every channel', async (_name, event) => {
    expect(isTrustedSender(event as unknown as Parameters<typeof isTrustedSender>[0])).toBe(false)
    const { handlers, calls } = serveFake()
    for (const handler of handlers.values())
      await expect(handler(event, 'https://example.com/')).rejects.toThrow('not ours')
    expect(calls).toEqual([])
  })

  it('are refused with an argument that does not fit', async () => {
    const { handlers, calls } = serveFake()
    const bad: [string, unknown][] = [
      ['shell:openExternal', { href: 'x' }],
      ['shell:openExternal', 'x'.repeat(9000)],
      ['shell:chooseFile', { title: 'x', extensions: ['../..'] }],
      ['shell:chooseFile', undefined],
      ['shell:info', { extra: 1 }],
    ]
    for (const [channel, argument] of bad) await expect(handlers.get(channel)?.(ourEvent, argument)).rejects.toThrow()
    expect(calls).toEqual([])
    expect(await handlers.get('shell:chooseFile')?.(ourEvent, { title: 'Open', extensions: ['json'] })).toBe('/chosen')
  })
})

describe('secrets and workspace', () => {
  const storage = (available: boolean, backend: 'basic_text' | 'gnome_libsecret') => ({
    isAsyncEncryptionAvailable: async () => available,
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: async (text: string) => Buffer.from(`<${text}>`),
    decryptStringAsync: async (bytes: Buffer) => ({ result: bytes.toString().slice(1, -1), shouldReEncrypt: false }),
  })

  it('go to a keychain that is one, and nowhere else', async () => {
    const chain = await openKeychain(storage(true, 'gnome_libsecret'), 'linux')
    expect(await chain?.decrypt(await chain.encrypt('key'))).toBe('key')
    expect(await openKeychain(storage(true, 'basic_text'), 'linux')).toBeUndefined()
    expect(await openKeychain(storage(false, 'gnome_libsecret'), 'darwin')).toBeUndefined()
  })

  it('opens the folder asked for, else the last one, else a new one', async () => {
    const home = await mkdtemp(join(tmpdir(), 'switchyard-home-'))
    const last = await mkdtemp(join(tmpdir(), 'switchyard-last-'))
    expect(findWorkspace([], home, home)).toBe(join(home, 'Switchyard'))
    rememberWorkspace(home, last)
    expect(findWorkspace([], home, home)).toBe(last)
    expect(findWorkspace(['electron', '.', '--workspace', '/asked'], home, home)).toBe('/asked')
    rememberWorkspace(home, join(last, 'removed'))
    expect(findWorkspace([], home, home)).toBe(join(home, 'Switchyard'))
  })
})
