import { beforeEach, describe, expect, it } from 'vitest'
import type { Flow } from '../../../model/document.ts'
import { formatEdge } from '../../../model/edges.ts'
import { fragmentText } from '../../../model/edits/fragment.ts'
import { parseFlow } from '../../../model/flowFile.ts'
import { forgetOrigin, originOf } from '../../files/origin.ts'
import { activeDocument, documentStore } from '../../state/documentStore.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { copySelection, pasteText } from './clipboard.ts'
import { addNoteAt, toggleDisabled } from './nodeCommands.ts'
import { deleteSelection, nudge, selectAll, walk } from './selectionCommands.ts'

const nodes = {
  start: { kind: 'start' },
  fetch: { kind: 'http' },
  check: { kind: 'if' },
  yes: { kind: 'log' },
  no: { kind: 'log' },
}
const layout = { nodes: { start: [0, 0], fetch: [320, 0], check: [640, 0], yes: [960, 0], no: [960, 120] } }
const text = JSON.stringify({
  format: 'switchyard.flow/1',
  name: 'Test',
  nodes,
  edges: ['start -> fetch', 'fetch -> check', 'check:true -> yes', 'check:false -> no'],
  layout,
})

function flow(): Flow {
  const document = activeDocument(documentStore.getState())
  if (!document) throw new Error('No document is open.')
  return document.flow
}

function edges(): string[] {
  return flow().edges.map(formatEdge).sort()
}

function selected(): string[] {
  return [...selectionStore.getState().nodes]
}

function select(...ids: string[]): void {
  selectionStore.getState().select({ nodes: ids })
}

beforeEach(() => {
  for (const path of documentStore.getState().tabs) documentStore.getState().close(path)
  const parsed = parseFlow(text, 'test').flow
  if (!parsed) throw new Error('The test flow does not parse.')
  documentStore.getState().open('test.flow.json', parsed, { hash: 'h' })
  selectionStore.getState().clear()
})

describe('deleting', () => {
  it('leaves a chain whole', () => {
    select('fetch')
    deleteSelection()
    expect(edges()).toContain('start -> check')
  })

  it('guesses nothing where a node had several ways on', () => {
    select('check')
    deleteSelection()
    expect(edges()).toEqual(['start -> fetch'])
  })

  it('takes edges alone, when only they are selected', () => {
    selectionStore.getState().select({ edges: ['check:true -> yes'] })
    deleteSelection()
    expect(Object.keys(flow().nodes)).toHaveLength(5)
    expect(edges()).not.toContain('check:true -> yes')
  })

  it('is undone with places and edges', () => {
    const before = flow()
    selectAll()
    deleteSelection()
    expect(Object.keys(flow().nodes)).toEqual([])
    documentStore.getState().undo()
    expect(flow()).toBe(before)
  })
})

describe('moving about', () => {
  it('walks along edges, and up and down to the nearest', () => {
    select('fetch')
    expect(walk('right')).toBe('check')
    expect(walk('right')).toBe('yes')
    expect(walk('down')).toBe('no')
    expect(walk('left')).toBe('check')
    expect(selected()).toEqual(['check'])
  })

  it('stays where nothing lies that way', () => {
    select('no')
    expect(walk('right')).toBeUndefined()
    expect(selected()).toEqual(['no'])
  })

  it('makes one step of undo of several nudges of the same things', () => {
    select('fetch')
    nudge(1, 0)
    nudge(1, 0)
    nudge(0, 10)
    expect(flow().layout?.nodes?.['fetch']).toEqual([322, 10])
    documentStore.getState().undo()
    expect(flow().layout?.nodes?.['fetch']).toEqual([320, 0])
  })
})

describe('changing nodes', () => {
  it('disables all, and enables only where all are disabled', () => {
    select('fetch', 'yes')
    toggleDisabled()
    expect([flow().nodes['fetch']?.disabled, flow().nodes['yes']?.disabled]).toEqual([true, true])
    toggleDisabled()
    expect([flow().nodes['fetch']?.disabled, flow().nodes['yes']?.disabled]).toEqual([undefined, undefined])
  })

  it('names the outcome at which a disabled decision goes on', () => {
    select('check')
    toggleDisabled()
    expect(flow().nodes['check']?.disabled).toEqual({ port: 'true' })
  })
})

describe('pasting', () => {
  it('takes a whole flow file, under ids that are free', () => {
    expect(pasteText(text)).toBe(true)
    expect(Object.keys(flow().nodes)).toHaveLength(10)
    expect(edges()).toContain('fetch2 -> check2')
    expect(selected()).toContain('fetch2')
  })

  const locked = () => [activeDocument(documentStore.getState())?.trusted, originOf('test.flow.json')]

  const openAs = (trusted: boolean) => {
    documentStore.getState().setTrusted('test.flow.json', trusted)
    forgetOrigin('test.flow.json')
  }

  const copyOf = async (...ids: string[]): Promise<string> => {
    select(...ids)
    await copySelection()
    return selectionStore.getState().clipboard ?? ''
  }

  it('locks a trusted flow where a stranger’s nodes reach outside', () => {
    openAs(true)
    pasteText(fragmentText({ nodes: { log: { kind: 'log' } }, edges: [], layout: {} }))
    expect(locked()).toEqual([true, 'edit'])
    pasteText(fragmentText({ nodes: { fetch: { kind: 'http' } }, edges: [], layout: {} }))
    expect(locked()).toEqual([false, 'import'])
  })

  it('locks nothing where the nodes were copied here from a trusted flow', async () => {
    openAs(true)
    pasteText(await copyOf('fetch'))
    expect(locked()).toEqual([true, 'edit'])
    openAs(false)
    const theirs = await copyOf('fetch', 'yes')
    openAs(true)
    pasteText(theirs)
    expect(locked()).toEqual([false, 'import'])
  })

  it('leaves any other text alone', () => {
    expect(pasteText('just words')).toBe(false)
    expect(pasteText('{"nodes": 3}')).toBe(false)
    expect(Object.keys(flow().nodes)).toHaveLength(5)
  })
})

it('adds a sticky note round a point, selected', () => {
  addNoteAt({ x: 100, y: 100 })
  const [id = ''] = selectionStore.getState().notes
  expect(flow().layout?.notes?.[id]?.at).toEqual([0, 52, 200, 96])
})
