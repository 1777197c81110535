import type { Session, Shell, WebContents } from 'electron'
import { shellOrigin } from '../model/shellApi.ts'

/** Addresses that may be opened outside, after the person has seen them. */
const externalSchemes = new Set(['https:', 'mailto:'])

/** Asks the person and opens an address outside; false where the address or the person refuses. */
export type OpenExternal = (url: string) => Promise<boolean>

/** The one way out: web and mail addresses only, and the person sees the whole address first. */
export function createOpenExternal(
  opener: Pick<Shell, 'openExternal'>,
  confirm: (address: string) => Promise<boolean>,
): OpenExternal {
  return async (url) => {
    const address = externalUrl(url)
    if (address === undefined || !(await confirm(address))) return false
    await opener.openExternal(address)
    return true
  }
}

/** Whether an address belongs to the page of this shell. */
export function isOurPage(url: string): boolean {
  // Compared as text: to Node's URL, unlike Chromium's, every origin of such a scheme is "null".
  return url === shellOrigin || url.startsWith(`${shellOrigin}/`)
}

/** The address in normal form if it may be opened outside; undefined otherwise. */
export function externalUrl(url: string): string | undefined {
  const parsed = parseUrl(url)
  return parsed && externalSchemes.has(parsed.protocol) ? parsed.href : undefined
}

/** The page stays the page: no navigation, redirect, new window or webview leads anywhere else. */
export function guardContents(
  contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>,
  openExternal: OpenExternal,
): void {
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

type GuardedSession = Pick<Session, 'setPermissionCheckHandler' | 'setDevicePermissionHandler'> & {
  readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'>
}

type PermissionRequestHandler = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>

/** The page may write to the clipboard, and nothing else. */
export const answerPermissionRequest: PermissionRequestHandler = (contents, permission, callback, details) => {
  callback(isAllowed(permission, details.requestingUrl) && isOurPage(contents.getURL()))
}

/** As {@link answerPermissionRequest} for what is checked without being asked; and the page speaks to no network. */
export function guardSession(session: GuardedSession): void {
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isAllowed(permission, requestingOrigin),
  )
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'] },
    (_details, callback) => callback({ cancel: true }),
  )
}

function isAllowed(permission: string, requester: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOurPage(requester)
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}
