/** A key with its modifiers. `key` is lower case for letters, `Digit1` for digits, else the name of the key. */
export interface Chord {
  readonly key: string
  readonly mod: boolean
  readonly shift: boolean
  readonly alt: boolean
}

/** What of a keyboard event counts. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** Reads `Mod+Shift+Z`. Digits mean the key that carries them, whatever it types; signs mean what is typed. */
export function parseChord(text: string): Chord {
  const plusKey = text.endsWith('++')
  const parts = (plusKey ? text.slice(0, -2) : text).split('+')
  const name = plusKey ? '+' : (parts.pop() ?? '')
  const key = /^\d$/.test(name) ? `Digit${name}` : name.length === 1 ? name.toLowerCase() : name
  return { key, mod: parts.includes('Mod'), shift: parts.includes('Shift'), alt: parts.includes('Alt') }
}

function isSign(key: string): boolean {
  return key.length === 1 && !/[a-z]/.test(key)
}

/** Whether a key press is this chord. Shift does not count for signs: on some keyboards `?` needs it, on others not. */
export function matchesChord(chord: Chord, press: KeyPress, mac: boolean): boolean {
  const mod = mac ? press.metaKey : press.ctrlKey
  const otherMod = mac ? press.ctrlKey : press.metaKey
  if (mod !== chord.mod || otherMod || press.altKey !== chord.alt) return false
  if (chord.key.startsWith('Digit')) return press.code === chord.key && press.shiftKey === chord.shift
  if (isSign(chord.key)) return press.key === chord.key
  // With Alt some keyboards type another sign: there the key that carries the letter counts.
  if (chord.alt && /^[a-z]$/.test(chord.key))
    return press.code === `Key${chord.key.toUpperCase()}` && press.shiftKey === chord.shift
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  return key === chord.key && press.shiftKey === chord.shift
}

const names: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Escape: 'Esc',
  ContextMenu: 'Menu',
}

function keyName(key: string): string {
  if (key.startsWith('Digit')) return key.slice('Digit'.length)
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}

/** A chord as people read it: `Ctrl+Shift+Z`, on a Mac `⇧⌘Z`. */
export function formatChord(text: string, mac: boolean): string {
  const chord = parseChord(text)
  const name = keyName(chord.key)
  if (mac) return `${chord.alt ? '⌥' : ''}${chord.shift ? '⇧' : ''}${chord.mod ? '⌘' : ''}${name}`
  return [...(chord.mod ? ['Ctrl'] : []), ...(chord.alt ? ['Alt'] : []), ...(chord.shift ? ['Shift'] : []), name].join(
    '+',
  )
}
