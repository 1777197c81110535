import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { serializeFlow } from '../../model/flowFile.ts'
import { flowOf, settled, startScriptedSession } from '../../tests/support/documentSession.ts'
import { dialogStore } from '../shell/dialogStore.ts'
import { documentStore, isDirty } from '../state/documentStore.ts'
import { followEdits } from './autosave.ts'
import { followFile, openFile, openText, overwriteFile, saveDocument, saveDocumentAs, takeTheirs } from './documents.ts'
import { draftStore } from './draftStore.ts'

const path = 'a.flow.json'
const flow = flowOf({ start: { kind: 'start' } })
const text = serializeFlow(flow)
const edited = serializeFlow({ ...flow, name: 'Edited' })

function document() {
  const found = documentStore.getState().documents[path]
  if (!found) throw new Error('The document is not open.')
  return found
}

function rename(name: string) {
  documentStore.getState().edit('Rename', (current) => ({ ...current, name }))
}

function refusal(code: string) {
  return Object.assign(new Error(code), { code })
}

describe('opening a file', () => {
  it('shows the file, saved and trusted as the engine says', async () => {
    await startScriptedSession({
      'file.read': () => ({ text, hash: 'h1' }),
      'trust.get': () => ({ trusted: false, services: ['http'], env: [] }),
    })
    expect(await openFile(path)).toBe(true)
    await settled()
    expect(isDirty(document())).toBe(false)
    expect(document().trusted).toBe(false)
  })

  it('recovers edits that only the journal holds', async () => {
    const draft = { text: edited, label: 'Rename', base: 'h1', savedAt: '2026-01-01T00:00:00Z' }
    await startScriptedSession({ 'file.read': () => ({ text, hash: 'h1' }), 'draft.load': () => ({ draft }) })
    await openFile(path)
    expect(document().flow.name).toBe('Edited')
    expect(isDirty(document())).toBe(true)
    expect(dialogStore.getState().dialog).toBeUndefined()
  })

  it('asks where the file was changed since the journal was written', async () => {
    const draft = { text: edited, label: 'Rename', base: 'h0', savedAt: '2026-01-01T00:00:00Z' }
    await startScriptedSession({ 'file.read': () => ({ text, hash: 'h1' }), 'draft.load': () => ({ draft }) })
    await openFile(path)
    expect(dialogStore.getState().dialog).toMatchObject({ type: 'conflict', hash: 'h1' })
    expect(document().savedHash).toBe('h0')
  })

  it('refuses what is no flow and changes nothing', async () => {
    await startScriptedSession({ 'file.read': () => ({ text: '{"nodes": 1}', hash: 'h1' }) })
    expect(await openFile(path)).toBe(false)
    expect(openText('broken.json', '{{{')).toBe(false)
    expect(documentStore.getState().tabs).toEqual([])
  })

  it('opens a file from outside untrusted, unsaved, and says so to the journal', async () => {
    const seen = vi.fn(() => ({ savedAt: '2026-01-01T00:00:00Z' }))
    await startScriptedSession({ 'draft.save': seen })
    vi.useFakeTimers()
    const stop = followEdits()
    expect(openText('their.flow.json', text)).toBe(true)
    await vi.advanceTimersByTimeAsync(1000)
    stop()
    vi.useRealTimers()
    expect(documentStore.getState().documents['their.flow.json']).toMatchObject({ trusted: false, savedHash: null })
    expect(seen).toHaveBeenCalledWith(expect.objectContaining({ origin: 'import' }))
  })
})

describe('saving a file', () => {
  it('writes what is on screen over what was read, and is clean then', async () => {
    const write = vi.fn(() => ({ hash: 'h2' }))
    await startScriptedSession({ 'file.read': () => ({ text, hash: 'h1' }), 'file.write': write })
    await openFile(path)
    rename('Edited')
    expect(await saveDocument(path)).toBe(true)
    expect(write).toHaveBeenCalledWith({ path, text: edited, expected: 'h1', origin: 'edit' })
    expect(isDirty(document())).toBe(false)
    expect(document().savedHash).toBe('h2')
  })

  it.each([
    [true, 'edit'],
    [false, 'import'],
  ])('says under a new name whether it was trusted (%s: %s)', async (trusted, origin) => {
    const write = vi.fn(() => ({ hash: 'h2' }))
    await startScriptedSession({
      'file.read': () => ({ text, hash: 'h1' }),
      'file.write': write,
      'draft.drop': () => ({}),
      'trust.get': () => ({ trusted, services: ['http'], env: [] }),
    })
    await openFile(path)
    await settled()
    expect(await saveDocumentAs(path, 'b.flow.json')).toBe(true)
    expect(write).toHaveBeenCalledWith({ path: 'b.flow.json', text, expected: null, origin })
  })

  it('asks before it writes over a change of another program', async () => {
    let hash = 'h1'
    const write = vi.fn(({ expected }: { expected: string | null }) => {
      if (expected !== hash) throw refusal('file-conflict')
      return { hash: 'h3' }
    })
    await startScriptedSession({ 'file.read': () => ({ text, hash }), 'file.write': write })
    await openFile(path)
    rename('Mine')
    hash = 'h2'
    expect(await saveDocument(path)).toBe(false)
    expect(dialogStore.getState().dialog).toMatchObject({ type: 'conflict', path, hash: 'h2' })
    expect(isDirty(document())).toBe(true)
    expect(await overwriteFile(path, 'h2')).toBe(true)
    expect(isDirty(document())).toBe(false)
  })

  it('takes the version of the file so that undo brings the edits back', async () => {
    await startScriptedSession({ 'file.read': () => ({ text, hash: 'h1' }) })
    await openFile(path)
    rename('Mine')
    takeTheirs(path, serializeFlow({ ...flow, name: 'Theirs' }), 'h2')
    expect(document().flow.name).toBe('Theirs')
    expect(isDirty(document())).toBe(false)
    documentStore.getState().undo()
    expect(document().flow.name).toBe('Mine')
  })
})

describe('a change of the file by another program', () => {
  it('is followed by an untouched document and asked about for an edited one', async () => {
    let file = { text, hash: 'h1' }
    await startScriptedSession({ 'file.read': () => file })
    await openFile(path)
    file = { text: edited, hash: 'h2' }
    await followFile(path)
    expect(document().flow.name).toBe('Edited')
    rename('Mine')
    file = { text, hash: 'h3' }
    await followFile(path)
    expect(document().flow.name).toBe('Mine')
    expect(dialogStore.getState().dialog).toMatchObject({ type: 'conflict', hash: 'h3' })
  })
})

describe('the edit journal', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  async function editing(save: () => { savedAt: string }) {
    const drop = vi.fn(() => ({}))
    const transport = await startScriptedSession({
      'file.read': () => ({ text, hash: 'h1' }),
      'draft.save': save,
      'draft.drop': drop,
    })
    await openFile(path)
    const stop = followEdits()
    return { transport, stop, drop }
  }

  it('gets every edit within a second, however fast they come', async () => {
    const save = vi.fn(() => ({ savedAt: '2026-01-01T00:00:00Z' }))
    const { stop } = await editing(save)
    for (let key = 0; key < 20; key += 1) {
      rename(`Name ${key}`)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(save.mock.calls.length).toBeGreaterThanOrEqual(2)
    await vi.advanceTimersByTimeAsync(1000)
    expect(save).toHaveBeenLastCalledWith(
      expect.objectContaining({ path, base: 'h1', text: expect.stringContaining('Name 19') }),
    )
    expect(draftStore.getState().drafts[path]).toMatchObject({ status: 'kept' })
    stop()
  })

  it('is emptied when undo leads back to the file', async () => {
    const { stop, drop } = await editing(() => ({ savedAt: '2026-01-01T00:00:00Z' }))
    rename('Mine')
    await vi.advanceTimersByTimeAsync(1000)
    expect(drop).not.toHaveBeenCalled()
    documentStore.getState().undo()
    await vi.advanceTimersByTimeAsync(1000)
    expect(drop).toHaveBeenCalledWith({ path })
    expect(draftStore.getState().drafts[path]).toBeUndefined()
    stop()
  })

  it('gets what was edited while the engine was away when it is back', async () => {
    const save = vi.fn(() => ({ savedAt: '2026-01-01T00:00:00Z' }))
    const { transport, stop } = await editing(save)
    transport.breakConnection()
    rename('Mine')
    await vi.advanceTimersByTimeAsync(2000)
    expect(save).not.toHaveBeenCalled()
    transport.open()
    await vi.advanceTimersByTimeAsync(1000)
    expect(save).toHaveBeenCalledWith(expect.objectContaining({ text: expect.stringContaining('Mine') }))
    stop()
  })

  it('says why it could not keep an edit, and tries again', async () => {
    let full = true
    const { stop } = await editing(() => {
      if (full) throw Object.assign(new Error('The disk is full.'), { code: 'disk-full' })
      return { savedAt: '2026-01-01T00:00:00Z' }
    })
    rename('Mine')
    await vi.advanceTimersByTimeAsync(1000)
    expect(draftStore.getState().drafts[path]).toEqual({ status: 'failed', message: 'The disk is full.' })
    full = false
    await vi.advanceTimersByTimeAsync(4000)
    expect(draftStore.getState().drafts[path]).toMatchObject({ status: 'kept' })
    stop()
  })
})
