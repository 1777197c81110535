import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { Tooltip } from 'radix-ui'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { flowOf, startScriptedSession } from '../../tests/support/documentSession.ts'
import { documentStore } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { stepField } from './fieldSteps.ts'
import { Inspector } from './Inspector.tsx'

const path = 'a.flow.json'

const saved = () => documentStore.getState().documents[path]?.flow

function show(id: string) {
  act(() => selectionStore.getState().select({ nodes: [id] }))
  render(
    <Tooltip.Provider>
      <Inspector />
    </Tooltip.Provider>,
  )
}

/** The field that has the keyboard. */
function focused(): HTMLElement {
  if (!(document.activeElement instanceof HTMLElement)) throw new Error('Nothing has the keyboard.')
  return document.activeElement
}

function write(text: string) {
  fireEvent.change(focused(), { target: { value: text } })
}

function enter() {
  fireEvent.keyDown(focused(), { key: 'Enter' })
}

beforeEach(async () => {
  await startScriptedSession({ 'expression.preview': () => ({ value: 1 }) })
  const flow = flowOf(
    {
      start: { kind: 'start' },
      values: { kind: 'set' },
      choose: { kind: 'switch' },
      helper: { kind: 'agent' },
      tool: { kind: 'http', data: { url: 'http://x/{{ args.page }}' } },
    },
    ['start -> values', 'values -> choose', 'choose:default -> helper', 'tool -> helper:tools'],
  )
  documentStore.getState().open(path, flow, { hash: 'h', trusted: true })
})

afterEach(cleanup)

describe('writing settings without leaving the keys', () => {
  it('makes a pair of "name: value", and Enter the next one', () => {
    show('values')
    screen.getByLabelText('Values: name').focus()
    write('title: ')
    write('{{ prev.title }}')
    enter()
    write('dc:count: 3')
    expect(saved()?.nodes['values']?.data).toEqual({ values: { title: '{{ prev.title }}', 'dc:count': 3 } })
  })

  it('writes the cases of a switch one after the other', () => {
    show('choose')
    fireEvent.click(screen.getByText('Add case'))
    for (const text of ['open', 'open', 'shut', 'closed']) {
      write(text)
      if (text !== 'closed') enter()
    }
    const cases = [
      { port: 'open', equals: 'open' },
      { port: 'shut', equals: 'closed' },
    ]
    expect(saved()?.nodes['choose']?.data).toEqual({ cases })
  })

  it('offers the arguments that a tool reads', () => {
    show('tool')
    fireEvent.click(screen.getByText(/Add argument/))
    expect(focused()).toHaveProperty('value', 'page')
    expect(saved()?.nodes['tool']?.params).toMatchObject({ properties: { page: { type: 'string' } } })
  })

  it('shows the inputs of the flow at its start', () => {
    show('start')
    fireEvent.click(screen.getByText('Add input'))
    write('topic')
    expect(saved()?.inputs).toMatchObject({ properties: { topic: { type: 'string' } }, required: ['topic'] })
  })

  it('steps from setting to setting and stays at the ends', () => {
    show('tool')
    const at = () => focused().closest('[data-field]')?.getAttribute('data-field')
    const seen = [-1, 1, 1, 1, -1, -1, -1].map((step) => {
      stepField(step < 0 ? -1 : 1)
      return at()
    })
    expect(seen).toEqual([
      'data.method',
      'data.url',
      'data.query',
      'data.headers',
      'data.query',
      'data.url',
      'data.method',
    ])
  })
})
