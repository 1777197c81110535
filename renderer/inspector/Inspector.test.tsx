import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { Tooltip } from 'radix-ui'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../model/diagnostics.ts'
import { flowOf, settled, startScriptedSession } from '../../tests/support/documentSession.ts'
import { pathDragType } from '../console/valueDrag.ts'
import { documentStore } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { Inspector } from './Inspector.tsx'
import { setSetting } from './nodeEdits.ts'

const path = 'a.flow.json'

function current() {
  const document = documentStore.getState().documents[path]
  if (!document) throw new Error('The document is not open.')
  return document
}

function node(id: string) {
  return current().flow.nodes[id]
}

function show(id: string) {
  act(() => selectionStore.getState().select({ nodes: [id] }))
  render(
    <Tooltip.Provider>
      <Inspector />
    </Tooltip.Provider>,
  )
}

function type(field: HTMLElement, text: string) {
  fireEvent.change(field, { target: { value: text } })
}

beforeEach(async () => {
  await startScriptedSession({ 'expression.preview': () => ({ value: 'https://example.com/7' }) })
  const flow = flowOf(
    {
      start: { kind: 'start' },
      fetch: { kind: 'http', data: { url: 'https://example.com' } },
      done: { kind: 'return', data: { value: '{{ nodes.fetch.output.body }}' } },
    },
    ['start -> fetch', 'fetch -> done'],
  )
  documentStore.getState().open(path, flow, { hash: 'h', trusted: true })
})

afterEach(cleanup)

describe('a node’s settings', () => {
  it('are made from the fields of its kind', () => {
    show('fetch')
    expect(screen.getByLabelText(/^URL/)).toHaveProperty('value', 'https://example.com')
    expect(screen.getByLabelText('Method')).toHaveProperty('value', 'GET')
    expect(screen.queryByLabelText('Body')).toBeNull()
    fireEvent.change(screen.getByLabelText('Method'), { target: { value: 'POST' } })
    expect(node('fetch')?.data).toEqual({ url: 'https://example.com', method: 'POST' })
    expect(screen.getByLabelText('Body')).toBeTruthy()
  })

  it('are one undo step per field, however many keys were pressed', () => {
    show('fetch')
    const url = screen.getByLabelText(/^URL/)
    for (const text of ['h', 'ht', 'htt', 'http://x']) type(url, text)
    fireEvent.blur(url)
    expect(current().past).toHaveLength(1)
    type(url, 'http://y')
    expect(current().past).toHaveLength(2)
    act(() => documentStore.getState().undo())
    expect(url).toHaveProperty('value', 'http://x')
    act(() => documentStore.getState().undo())
    expect(node('fetch')?.data).toEqual({ url: 'https://example.com' })
  })

  it('leave the file when they are emptied', () => {
    show('fetch')
    type(screen.getByLabelText(/^URL/), '')
    expect(node('fetch')?.data).toBeUndefined()
  })

  it('show what is wrong at the field itself', () => {
    const problem: Diagnostic = {
      code: 'missing-field',
      severity: 'error',
      message: 'Node "fetch": "data.url" is missing: must be text.',
      file: path,
      node: 'fetch',
      field: 'data.url',
    }
    documentStore.getState().setDiagnostics(path, current().revision, [problem])
    show('fetch')
    const row = document.querySelector('[data-field="data.url"]')
    expect(row?.textContent).toContain('URL is missing.')
    expect(row?.textContent).not.toContain('data.url')
    expect(screen.getByLabelText(/^URL/).getAttribute('aria-invalid')).toBe('true')
  })

  it('show the defaults of the kind while another setting is missing', () => {
    act(() => documentStore.getState().edit('Empty', (flow) => setSetting(flow, 'fetch', 'url', undefined)))
    show('fetch')
    expect(screen.getByLabelText('Method')).toHaveProperty('value', 'GET')
    expect(screen.queryByLabelText('Body')).toBeNull()
  })

  it('show what their expressions give', async () => {
    show('fetch')
    type(screen.getByLabelText(/^URL/), 'https://example.com/{{ input.id }}')
    expect(await screen.findByText('“https://example.com/7”')).toBeTruthy()
  })

  it('take a dragged value as the expression that reads it', () => {
    show('fetch')
    const url = screen.getByLabelText(/^URL/)
    fireEvent.drop(url, {
      dataTransfer: {
        getData: (kind: string) => (kind === pathDragType ? 'nodes.start.output.id' : ''),
        types: [pathDragType],
      },
    })
    expect(node('fetch')?.data?.['url']).toBe('https://example.com{{ nodes.start.output.id }}')
  })

  it('edit pairs, where a half-typed one is kept on screen and not yet in the file', () => {
    show('fetch')
    const query = document.querySelector('[data-field="data.query"]')
    if (!(query instanceof HTMLElement)) throw new Error('There is no field for the query.')
    type(within(query).getByLabelText('Query: name'), 'page')
    expect(node('fetch')?.data?.['query']).toEqual({ page: '' })
    type(within(query).getByLabelText('Query: value of page'), '2')
    expect(node('fetch')?.data?.['query']).toEqual({ page: 2 })
    fireEvent.click(within(query).getByText('Add'))
    expect(within(query).getAllByPlaceholderText('name')).toHaveLength(2)
    expect(node('fetch')?.data?.['query']).toEqual({ page: 2 })
  })
})

describe('a node’s id', () => {
  it('is renamed in the expressions of other nodes too', () => {
    show('fetch')
    const id = screen.getByLabelText('Id')
    type(id, 'page')
    fireEvent.blur(id)
    expect(node('done')?.data).toEqual({ value: '{{ nodes.page.output.body }}' })
    expect(screen.getByLabelText('Id')).toHaveProperty('value', 'page')
  })

  it('is refused where it is taken or no name', () => {
    show('fetch')
    const id = screen.getByLabelText('Id')
    for (const bad of ['start', '1x', '__proto__', '']) {
      type(id, bad)
      expect(id.getAttribute('aria-invalid')).toBe('true')
      fireEvent.blur(id)
      expect(id).toHaveProperty('value', 'fetch')
    }
    expect(current().past).toHaveLength(0)
  })
})

describe('a node’s policy', () => {
  it('is written and taken away entry by entry', () => {
    show('fetch')
    fireEvent.mouseDown(screen.getByRole('tab', { name: 'Policy' }), { button: 0 })
    type(screen.getByLabelText('Attempts in all'), '3')
    type(screen.getByLabelText('Wait before the second'), '2s')
    type(screen.getByLabelText('Time limit per attempt'), '30s')
    expect(node('fetch')?.policy).toEqual({ retry: { max: 3, delay: '2s' }, timeout: '30s' })
    type(screen.getByLabelText('Attempts in all'), '')
    type(screen.getByLabelText('Time limit per attempt'), '')
    expect(node('fetch')?.policy).toBeUndefined()
  })

  it('says on the spot what is no duration', () => {
    show('fetch')
    fireEvent.mouseDown(screen.getByRole('tab', { name: 'Policy' }), { button: 0 })
    type(screen.getByLabelText('Time limit per attempt'), 'soon')
    expect(screen.getByText(/A number and a unit/)).toBeTruthy()
  })
})

describe('what is selected', () => {
  it('decides what the inspector shows', () => {
    show('fetch')
    expect(screen.getByLabelText('Id')).toHaveProperty('value', 'fetch')
    act(() => selectionStore.getState().select({ nodes: ['fetch', 'done'] }))
    expect(screen.getByText('2 nodes selected')).toBeTruthy()
    act(() => selectionStore.getState().select({ edges: ['fetch -> done'] }))
    fireEvent.click(screen.getByText('Delete edge'))
    expect(current().flow.edges).toHaveLength(1)
    act(() => selectionStore.getState().clear())
    type(screen.getByLabelText('Name of the flow'), 'Weather')
    expect(current().flow.name).toBe('Weather')
  })

  it('keeps the tab while one walks from node to node', () => {
    show('fetch')
    fireEvent.mouseDown(screen.getByRole('tab', { name: 'Policy' }), { button: 0 })
    act(() => selectionStore.getState().select({ nodes: ['done'] }))
    expect(screen.getByRole('tab', { name: 'Policy' }).getAttribute('data-state')).toBe('active')
  })

  it('moves the cursor to the field that a problem names', async () => {
    show('fetch')
    act(() => selectionStore.getState().reveal('fetch', 'policy.retry.max'))
    await act(async () => {
      await settled()
      await new Promise((resolve) => requestAnimationFrame(resolve))
    })
    expect(document.activeElement).toBe(screen.getByLabelText('Attempts in all'))
    expect(selectionStore.getState().fieldRequest).toBeUndefined()
  })
})

describe('the inputs of a flow', () => {
  it('are built without writing JSON Schema', () => {
    show('start')
    act(() => selectionStore.getState().clear())
    fireEvent.click(screen.getByText('Add input'))
    type(screen.getByLabelText('Name'), 'city')
    type(screen.getByLabelText('Default of city'), 'Oslo')
    expect(current().flow.inputs).toEqual({
      type: 'object',
      properties: { city: { type: 'string', default: 'Oslo' } },
      required: ['city'],
    })
    fireEvent.click(screen.getByLabelText('Remove city'))
    expect(current().flow).not.toHaveProperty('inputs')
  })
})
