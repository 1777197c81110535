import { describe, expect, it } from 'vitest'
import type { Flow } from '../../model/document.ts'
import { flowFormat } from '../../model/document.ts'
import { activeDocument, createDocumentStore, isDirty } from './documentStore.ts'

function flowNamed(name: string): Flow {
  return { format: flowFormat, name, nodes: {}, edges: [] }
}

const rename = (name: string) => (flow: Flow) => ({ ...flow, name })

function opened() {
  const store = createDocumentStore()
  store.getState().open('a.flow.json', flowNamed('first'), { hash: 'h1' })
  const active = () => {
    const document = activeDocument(store.getState())
    if (!document) throw new Error('No document is open.')
    return document
  }
  return { store, active, actions: store.getState() }
}

describe('documentStore', () => {
  it('undoes and redoes to the very same flows', () => {
    const { active, actions } = opened()
    const first = active().flow
    actions.edit('Rename', rename('second'))
    const second = active().flow
    actions.edit('Rename', rename('third'))
    actions.undo()
    expect(active().flow).toBe(second)
    actions.undo()
    expect(active().flow).toBe(first)
    actions.redo()
    expect(active().flow).toBe(second)
  })

  it('ignores an edit that changes nothing', () => {
    const { active, actions } = opened()
    actions.edit('Nothing', (flow) => flow)
    expect(active().past).toEqual([])
    expect(active().revision).toBe(1)
  })

  it('makes one step of edits with the same key, until the field is left', () => {
    const { active, actions } = opened()
    for (const name of ['f', 'fe', 'fet']) actions.edit('Type', rename(name), { merge: 'name' })
    actions.endMerge()
    actions.edit('Type', rename('fetch'), { merge: 'name' })
    expect(active().past).toHaveLength(2)
    actions.undo()
    expect(active().flow.name).toBe('fet')
    actions.undo()
    expect(active().flow.name).toBe('first')
  })

  it('begins a new step after an undo, whatever the key', () => {
    const { active, actions } = opened()
    actions.edit('Type', rename('a'), { merge: 'name' })
    actions.edit('Other', rename('b'))
    actions.undo()
    actions.edit('Type', rename('c'), { merge: 'name' })
    actions.undo()
    expect(active().flow.name).toBe('a')
  })

  it('forgets what could be redone when something new is done', () => {
    const { active, actions } = opened()
    actions.edit('Rename', rename('second'))
    actions.undo()
    actions.edit('Rename', rename('other'))
    actions.redo()
    expect(active().flow.name).toBe('other')
  })

  it('is clean again when undo comes back to what was saved', () => {
    const { active, actions } = opened()
    expect(isDirty(active())).toBe(false)
    actions.edit('Rename', rename('second'))
    expect(isDirty(active())).toBe(true)
    actions.markSaved('a.flow.json', 'h2')
    actions.edit('Rename', rename('third'))
    actions.undo()
    expect(isDirty(active())).toBe(false)
    actions.undo()
    expect(isDirty(active())).toBe(true)
  })

  it('drops problems that belong to an older revision', () => {
    const { active, actions } = opened()
    actions.edit('Rename', rename('second'))
    actions.setDiagnostics('a.flow.json', 1, [{ code: 'no-start', severity: 'error', message: 'old', file: 'a' }])
    expect(active().diagnostics).toEqual([])
    actions.setDiagnostics('a.flow.json', 2, [{ code: 'no-start', severity: 'error', message: 'new', file: 'a' }])
    expect(active().diagnostics).toHaveLength(1)
  })

  it('activates the neighbour of a tab that is closed', () => {
    const { store, actions } = opened()
    for (const path of ['b', 'c']) actions.open(path, flowNamed(path), { hash: null })
    actions.activate('b')
    actions.close('b')
    expect(store.getState().active).toBe('c')
    actions.close('c')
    expect(store.getState().active).toBe('a.flow.json')
    actions.close('a.flow.json')
    expect(store.getState().active).toBeUndefined()
  })

  it('keeps a document that is open when it is opened again', () => {
    const { active, actions } = opened()
    actions.edit('Rename', rename('second'))
    actions.open('a.flow.json', flowNamed('from disk'), { hash: 'h9' })
    expect(active().flow.name).toBe('second')
  })

  it('follows a file to its new path', () => {
    const { store, actions } = opened()
    actions.rename('a.flow.json', 'b.flow.json')
    expect(store.getState().tabs).toEqual(['b.flow.json'])
    expect(activeDocument(store.getState())?.path).toBe('b.flow.json')
  })
})
