import { shellApiName } from '../../model/shellApi.ts'
import type { KeyBinding } from './table.ts'

/** What decides which keys exist: the desktop shell passes every key, a browser keeps some; a Mac has Cmd. */
export interface KeyHost {
  readonly desktop: boolean
  readonly mac: boolean
}

/** The host this page runs in. The desktop's preload script leaves its interface on the window. */
export function currentHost(): KeyHost {
  return { desktop: shellApiName in window, mac: /Mac|iPhone|iPad/.test(navigator.userAgent) }
}

/** The keys of a command that this host has. */
export function keysOn(host: KeyHost, bindings: readonly KeyBinding[]): string[] {
  return bindings.flatMap((binding) => {
    if (typeof binding === 'string') return [binding]
    const has = { mac: host.mac, desktop: host.desktop, browser: !host.desktop }[binding.on]
    return has ? [binding.key] : []
  })
}
