import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerCommands, remapKeys } from './commands.ts'
import { canvasAttribute, startDispatcher } from './dispatcher.ts'
import { commandEntries, type CommandId, commandIds } from './table.ts'
import { parseChord } from './chord.ts'
import { keysOn } from './host.ts'

describe('the dispatcher', () => {
  let done: string[]
  let stop: () => void
  let unregister: () => void

  function watch(...ids: CommandId[]): void {
    unregister = registerCommands(Object.fromEntries(ids.map((id) => [id, { run: () => done.push(id) }])))
  }

  function element(html: string): HTMLElement {
    document.body.innerHTML = html
    const found = document.body.querySelector('[data-here]')
    if (!(found instanceof HTMLElement)) throw new Error('The test page has no element to press keys on.')
    return found
  }

  function press(target: HTMLElement, key: string, rest: KeyboardEventInit = {}): boolean {
    return target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...rest }))
  }

  beforeEach(() => {
    done = []
    stop = startDispatcher()
  })

  afterEach(() => {
    stop()
    unregister()
    remapKeys({})
    document.body.innerHTML = ''
  })

  it('carries a plain letter out with canvas focus, and stops the page from using it', () => {
    watch('add.node')
    const canvas = element(`<div ${canvasAttribute}><div data-here tabindex="0"></div></div>`)
    expect(press(canvas, 'a')).toBe(false)
    expect(done).toEqual(['add.node'])
  })

  it('leaves plain letters alone in panels and text fields', () => {
    watch('add.node')
    press(element('<aside><div data-here tabindex="0"></div></aside>'), 'a')
    press(element(`<div ${canvasAttribute}><input data-here /></div>`), 'a')
    expect(done).toEqual([])
  })

  it('lets save and run work in text fields, and undo stay the field’s own', () => {
    watch('file.save', 'run.start', 'edit.undo')
    const field = element('<textarea data-here></textarea>')
    press(field, 's', { ctrlKey: true })
    press(field, 'Enter', { ctrlKey: true })
    press(field, 'z', { ctrlKey: true })
    expect(done).toEqual(['file.save', 'run.start'])
  })

  it('fires nothing while an input method composes', () => {
    watch('file.save')
    press(element('<textarea data-here></textarea>'), 's', { ctrlKey: true, isComposing: true })
    expect(done).toEqual([])
  })

  it('gives Escape in a field back to the canvas', () => {
    unregister = () => undefined
    const field = element(`<div ${canvasAttribute} tabindex="0" id="canvas"></div><input data-here />`)
    field.focus()
    press(field, 'Escape')
    expect(document.activeElement?.id).toBe('canvas')
  })

  it('asks the next command of a key when the first means nothing now', () => {
    unregister = registerCommands({
      'select.down': { run: () => done.push('select.down'), enabled: () => false },
      'field.next': { run: () => done.push('field.next') },
    })
    press(element(`<div ${canvasAttribute}><div data-here tabindex="0"></div></div>`), 'ArrowDown', { altKey: true })
    expect(done).toEqual(['field.next'])
  })

  it('follows a person’s own keys', () => {
    watch('file.save')
    remapKeys({ 'file.save': ['F8'] })
    const body = element('<div data-here tabindex="0"></div>')
    press(body, 's', { ctrlKey: true })
    press(body, 'F8')
    expect(done).toEqual(['file.save'])
  })
})

describe('the keymap', () => {
  const hosts = [true, false].flatMap((desktop) => [true, false].map((mac) => ({ desktop, mac })))

  it.for(hosts)('gives no key to two commands of one place: %o', (host) => {
    const seen = new Map<string, CommandId>()
    for (const id of commandIds()) {
      const { where, keys = [] } = commandEntries[id]
      for (const key of keysOn(host, keys)) {
        const name = `${where} ${JSON.stringify(parseChord(key))}`
        expect(seen.get(name), `${key} of ${id}`).toBeUndefined()
        seen.set(name, id)
      }
    }
  })

  it('has no plain letter that works everywhere', () => {
    const plain = commandIds().filter((id) => {
      const { where, keys = [] } = commandEntries[id]
      return (
        where === 'anywhere' &&
        keys.some((key) => /^([A-Z]|Shift\+[A-Z]|\d)$/.test(typeof key === 'string' ? key : key.key))
      )
    })
    expect(plain).toEqual([])
  })

  it('asks a browser for no key that a page never gets', () => {
    const taken = ['Mod+T', 'Mod+N', 'Mod+W', 'Mod+Tab']
    const asked = commandIds().flatMap((id) => keysOn({ desktop: false, mac: false }, commandEntries[id].keys ?? []))
    expect(asked.filter((key) => taken.includes(key))).toEqual([])
  })
})
