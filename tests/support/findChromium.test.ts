import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findChromium } from './findChromium.ts'

describe('findChromium', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chromium-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function executable(name: string): string {
    const file = join(folder, name)
    writeFileSync(file, '#!/bin/sh\n')
    chmodSync(file, 0o755)
    return file
  }

  it('takes the browser that CHROME names before any other', () => {
    executable('chromium')
    const named = executable('mine')
    expect(findChromium({ CHROME: named, PATH: folder }, 'linux')).toBe(named)
  })

  it('refuses a CHROME that cannot be executed', () => {
    expect(() => findChromium({ CHROME: join(folder, 'gone'), PATH: folder }, 'linux')).toThrow('no executable file')
  })

  it('prefers chromium on the path to other names', () => {
    executable('google-chrome')
    const expected = executable('chromium')
    expect(findChromium({ PATH: folder }, 'linux')).toBe(expected)
  })

  it('finds nothing on a Windows machine without one', () => {
    expect(findChromium({ PROGRAMFILES: folder }, 'win32')).toBeUndefined()
  })
})
