import { describe, expect, it } from 'vitest'
import { formatChord, type KeyPress, matchesChord, parseChord } from './chord.ts'

function press(key: string, rest: Partial<KeyPress> = {}): KeyPress {
  return { key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...rest }
}

function matches(chord: string, pressed: KeyPress, mac = false): boolean {
  return matchesChord(parseChord(chord), pressed, mac)
}

describe('chords', () => {
  it('match letters by what is typed', () => {
    expect(matches('Mod+Z', press('z', { ctrlKey: true, code: 'KeyY' }))).toBe(true)
    expect(matches('Mod+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(true)
    expect(matches('Mod+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false)
  })

  it('match digits by where the key lies', () => {
    expect(matches('Shift+1', press('!', { shiftKey: true, code: 'Digit1' }))).toBe(true)
    expect(matches('0', press('à', { code: 'Digit0' }))).toBe(true)
  })

  it('match signs by what is typed, with or without Shift', () => {
    expect(matches('?', press('?', { shiftKey: true }))).toBe(true)
    expect(matches('?', press('?'))).toBe(true)
    expect(matches('Mod++', press('+', { ctrlKey: true }))).toBe(true)
  })

  it('mean Cmd on a Mac and Ctrl elsewhere', () => {
    expect(matches('Mod+K', press('k', { metaKey: true }), true)).toBe(true)
    expect(matches('Mod+K', press('k', { ctrlKey: true }), true)).toBe(false)
    expect(matches('Mod+K', press('k', { metaKey: true }))).toBe(false)
  })

  it('find a letter under Alt by its key, since some keyboards type another sign', () => {
    expect(matches('Alt+A', press('å', { altKey: true, code: 'KeyA' }))).toBe(true)
  })

  it('are written as people of the system read them', () => {
    expect(formatChord('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z')
    expect(formatChord('Mod+Shift+Z', true)).toBe('⇧⌘Z')
    expect(formatChord('Shift+1', false)).toBe('Shift+1')
    expect(formatChord('Alt+ArrowLeft', false)).toBe('Alt+←')
  })
})
