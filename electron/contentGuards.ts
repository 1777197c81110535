import type { Session, WebContents } from 'electron'
import { shellOrigin } from '../model/shellApi.ts'

/** Addresses that may be opened outside, after the person has seen them. */
const externalSchemes = new Set(['https:', 'mailto:'])

/** Asks the person and opens an address outside; false where the address or the person refuses. */
export type OpenExternal = (url: string) => Promise<boolean>

/** Whether an address belongs to the page of this shell. */
export function isOurPage(url: string): boolean {
  return parseUrl(url)?.origin === shellOrigin || url.startsWith(`${shellOrigin}/`)
}

/** The address in normal form if it may be opened outside; undefined otherwise. */
export function externalUrl(url: string): string | undefined {
  const parsed = parseUrl(url)
  return parsed && externalSchemes.has(parsed.protocol) ? parsed.href : undefined
}

/** The page stays the page: no navigation, redirect, new window or webview leads anywhere else. */
export function guardContents(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>, openExternal: OpenExternal): void {
  contents.on('will-navigate', (event) => {
    if (!isOurPage(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!isOurPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    void openExternal(url)
    return { action: 'deny' }
  })
}

type GuardedSession = Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'> & {
  readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'>
}

/** The page may write to the clipboard and nothing else; it speaks to no network. */
export function guardSession(session: GuardedSession): void {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    callback(isAllowed(permission, details.requestingUrl) && isOurPage(contents.getURL()))
  })
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) => isAllowed(permission, requestingOrigin))
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest({ urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'] }, (_details, callback) =>
    callback({ cancel: true }),
  )
}

function isAllowed(permission: string, requester: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOurPage(requester)
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}
