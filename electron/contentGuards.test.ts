import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  answerPermissionRequest,
  createOpenExternal,
  externalUrl,
  guardContents,
  guardSession,
  isOurPage,
} from './contentGuards.ts'

const foreign = [
  'https://evil.example/',
  'http://127.0.0.1:4317/',
  'file:///etc/passwd',
  'app://switchyard.evil.example/',
  'app://evil/',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  '',
]

describe('the page', () => {
  it('is ours by its exact origin', () => {
    expect(isOurPage('app://switchyard/index.html')).toBe(true)
    expect(foreign.filter(isOurPage)).toEqual([])
  })

  it.each(['will-navigate', 'will-frame-navigate'])('stays where it is at %s', (name) => {
    const contents = new FakeContents()
    guardContents(contents.asContents(), async () => false)
    const prevented = (url: string): boolean => contents.fire(name, { url })
    expect(foreign.every(prevented)).toBe(true)
    expect(prevented('app://switchyard/index.html')).toBe(false)
  })

  it('follows no redirect and holds no webview', () => {
    const contents = new FakeContents()
    guardContents(contents.asContents(), async () => false)
    expect([
      contents.fire('will-redirect', { url: 'app://switchyard/' }),
      contents.fire('will-attach-webview', {}),
    ]).toEqual([true, true])
  })

  it('opens no window; an address is offered outside instead', () => {
    const offered: string[] = []
    const contents = new FakeContents()
    guardContents(contents.asContents(), async (url) => {
      offered.push(url)
      return false
    })
    expect(contents.openHandler?.({ url: 'https://example.com/' })).toEqual({ action: 'deny' })
    expect(offered).toEqual(['https://example.com/'])
  })
})

describe('addresses', () => {
  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'ms-settings:',
    'http://example.com/',
    'vscode://x',
    'nonsense',
  ])('of other schemes never leave: %s', async (url) => {
    const opened: string[] = []
    const open = createOpenExternal({ openExternal: async (address) => void opened.push(address) }, async () => true)
    expect([externalUrl(url), await open(url), opened]).toEqual([undefined, false, []])
  })

  it('are shown whole before they are opened, and opened as they were shown', async () => {
    const steps: string[] = []
    const open = (agrees: boolean) =>
      createOpenExternal({ openExternal: async (address) => void steps.push(`open ${address}`) }, async (address) => {
        steps.push(`show ${address}`)
        return agrees
      })
    expect(await open(false)('https://example.com/a b')).toBe(false)
    expect(await open(true)('mailto:a@example.com')).toBe(true)
    expect(steps).toEqual(['show https://example.com/a%20b', 'show mailto:a@example.com', 'open mailto:a@example.com'])
  })
})

describe('permissions', () => {
  const all = [
    'clipboard-sanitized-write',
    'clipboard-read',
    'media',
    'geolocation',
    'notifications',
    'openExternal',
    'fileSystem',
    'usb',
    'unknown',
  ] as const

  it('are refused when asked for, writing to the clipboard from our page excepted', () => {
    const ask = (permission: (typeof all)[number], page: string): boolean => {
      let answer = true
      const contents = { getURL: () => page } as unknown as Electron.WebContents
      answerPermissionRequest(contents, permission, (granted) => (answer = granted), {
        requestingUrl: page,
        isMainFrame: true,
      })
      return answer
    }
    expect(all.filter((permission) => ask(permission, 'app://switchyard/index.html'))).toEqual([
      'clipboard-sanitized-write',
    ])
    expect(all.filter((permission) => ask(permission, 'https://evil.example/'))).toEqual([])
  })

  it('are refused when checked, and every request to a network is cancelled', () => {
    const session = new FakeSession()
    guardSession(session.asSession())
    expect(all.filter((permission) => session.check?.(null, permission, 'app://switchyard'))).toEqual([
      'clipboard-sanitized-write',
    ])
    expect(all.filter((permission) => session.check?.(null, permission, 'https://evil.example'))).toEqual([])
    expect(session.device?.()).toBe(false)
    for (const scheme of ['http', 'https', 'ws', 'wss', 'file']) expect(session.urls).toContain(`${scheme}://*/*`)
    expect(session.cancelled).toEqual({ cancel: true })
  })
})

class FakeContents {
  readonly #emitter = new EventEmitter()
  openHandler: ((details: { url: string }) => unknown) | undefined

  asContents(): Parameters<typeof guardContents>[0] {
    const contents = {
      on: (name: string, listener: (event: object) => void) => this.#emitter.on(name, listener),
      setWindowOpenHandler: (handler: (details: { url: string }) => unknown) => (this.openHandler = handler),
    }
    return contents as unknown as Parameters<typeof guardContents>[0]
  }

  /** Whether the event was prevented. */
  fire(name: string, details: object): boolean {
    let prevented = false
    this.#emitter.emit(name, { ...details, preventDefault: () => (prevented = true) })
    return prevented
  }
}

class FakeSession {
  check: ((contents: null, permission: string, origin: string) => boolean) | undefined
  device: (() => boolean) | undefined
  urls: string[] = []
  cancelled: unknown

  asSession(): Parameters<typeof guardSession>[0] {
    const session = {
      setPermissionCheckHandler: (handler: NonNullable<FakeSession['check']>) => (this.check = handler),
      setDevicePermissionHandler: (handler: () => boolean) => (this.device = handler),
      webRequest: {
        onBeforeRequest: (
          filter: { urls: string[] },
          listener: (details: object, callback: (answer: object) => void) => void,
        ) => {
          this.urls = filter.urls
          listener({}, (answer) => (this.cancelled = answer))
        },
      },
    }
    return session as unknown as Parameters<typeof guardSession>[0]
  }
}
