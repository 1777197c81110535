import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Diagnostic } from '../../model/diagnostics.ts'
import type { RequestParams, RunSummary } from '../../model/protocol.ts'
import { flowOf, settled, startScriptedSession } from '../../tests/support/documentSession.ts'
import { ProblemsList } from '../problems/ProblemsList.tsx'
import { RunInputsDialog } from '../runs/RunInputsDialog.tsx'
import { RunsPanel } from '../runs/RunsPanel.tsx'
import { SettingsDialog } from '../settings/SettingsDialog.tsx'
import { loadSettings } from '../settings/settingsStore.ts'
import { documentStore } from '../state/documentStore.ts'
import { runStore } from '../state/runStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { openDialog } from './dialogStore.ts'
import { DocumentTabs } from './DocumentTabs.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Footer } from './Footer.tsx'
import { TrustBanner } from './TrustBanner.tsx'

const path = 'a.flow.json'

function draw(part: ReactNode) {
  return render(<Tooltip.Provider>{part}</Tooltip.Provider>)
}

async function during(work: () => void) {
  await act(async () => {
    work()
    await settled()
  })
}

afterEach(cleanup)

describe('the form of a run', () => {
  const inputs = {
    type: 'object',
    properties: {
      city: { type: 'string', title: 'City' },
      days: { type: 'integer', default: 3 },
      dry: { type: 'boolean' },
    },
    required: ['city'],
  }

  it('runs with what was filled in, and not before it is complete', async () => {
    const start = vi.fn((_params: RequestParams<'run.start'>) => ({ runId: 'r1' }))
    await startScriptedSession({ 'run.start': start })
    documentStore.getState().open(path, flowOf({ start: { kind: 'start' } }, [], { inputs }), { hash: 'h' })
    openDialog({ type: 'run-inputs', path })
    draw(<RunInputsDialog />)
    await during(() => fireEvent.submit(screen.getByLabelText('City').closest('form') ?? document.body))
    expect(screen.getByText('This input is needed.')).toBeTruthy()
    expect(start).not.toHaveBeenCalled()
    fireEvent.change(screen.getByLabelText('City'), { target: { value: 'Oslo' } })
    fireEvent.change(screen.getByLabelText('days'), { target: { value: '5' } })
    fireEvent.click(screen.getByLabelText('dry'))
    await during(() => fireEvent.submit(screen.getByLabelText('City').closest('form') ?? document.body))
    expect(start.mock.calls[0]?.[0].input).toEqual({ city: 'Oslo', days: 5, dry: true })
  })
})

describe('the list of problems', () => {
  it('leads to the node and field, and draws the path', async () => {
    await startScriptedSession({})
    const flow = flowOf({ start: { kind: 'start' }, a: { kind: 'log', label: 'Say' } }, ['start -> a'])
    documentStore.getState().open(path, flow, { hash: 'h' })
    const problem: Diagnostic = {
      code: 'reads-unset',
      severity: 'warning',
      message: 'Say reads what may be missing.',
      file: path,
      node: 'a',
      field: 'data.message',
      path: ['start', 'a'],
    }
    documentStore.getState().setDiagnostics(path, 1, [problem])
    draw(<ProblemsList />)
    fireEvent.click(screen.getByText('Say reads what may be missing.'))
    expect(selectionStore.getState().fieldRequest).toMatchObject({ node: 'a', field: 'data.message' })
    fireEvent.click(screen.getByText('Show path'))
    expect([...selectionStore.getState().nodes]).toEqual(['start', 'a'])
    expect([...selectionStore.getState().edges]).toEqual(['start -> a'])
  })
})

describe('a flow that is not trusted', () => {
  it('says what it could do, and is trusted by a press', async () => {
    const grant = vi.fn(() => ({}))
    await startScriptedSession({ 'trust.grant': grant })
    const flow = flowOf({ start: { kind: 'start' }, a: { kind: 'http', data: { url: 'x' } } }, ['start -> a'], {
      env: ['HOME'],
    })
    documentStore.getState().open(path, flow, { hash: 'h', trusted: false })
    draw(<TrustBanner />)
    expect(screen.getByRole('status').textContent).toContain('call web addresses, read HOME from the environment')
    await during(() => fireEvent.click(screen.getByText('Trust')))
    expect(grant).toHaveBeenCalledOnce()
    expect(screen.queryByRole('status')).toBeNull()
  })
})

describe('settings', () => {
  it('take a secret and never show it again', async () => {
    const kept = new Map<string, string>()
    await startScriptedSession({
      'settings.get': () => ({ settings: { providers: {}, theme: 'system', allowPrivateNetwork: false, view: {} } }),
      'secret.list': () => ({ secrets: [...kept.keys()].map((name) => ({ name, hosts: [] })), store: 'file' }),
      'secret.set': ({ name, value }) => {
        kept.set(name, value)
        return {}
      },
    })
    await loadSettings()
    openDialog({ type: 'settings', page: 'secrets' })
    await during(() => draw(<SettingsDialog />))
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'company' } })
    fireEvent.change(screen.getByLabelText('Value'), { target: { value: 'sk-canary' } })
    await during(() => fireEvent.click(screen.getByText('Keep secret')))
    expect(kept.get('company')).toBe('sk-canary')
    expect(screen.getByText('company')).toBeTruthy()
    expect(document.body.innerHTML).not.toContain('sk-canary')
    expect(screen.getByText(/a file that only you may read/)).toBeTruthy()
  })

  it('say in words whether a provider answers', async () => {
    await startScriptedSession({
      'settings.get': () => ({
        settings: {
          providers: { local: { baseURL: 'http://127.0.0.1:1/v1' } },
          theme: 'system',
          allowPrivateNetwork: false,
          view: {},
        },
      }),
      'secret.list': () => ({ secrets: [], store: 'keychain' }),
      'provider.test': () => ({ ok: false, message: 'Nothing answers at 127.0.0.1:1.', models: [] }),
    })
    await loadSettings()
    openDialog({ type: 'settings', page: 'models' })
    await during(() => draw(<SettingsDialog />))
    const card = screen.getByText('local').closest('div')
    if (!card) throw new Error('The provider has no card.')
    await during(() => fireEvent.click(within(card).getByText('Test connection')))
    expect(
      screen
        .getByText(/Nothing answers at/)
        .closest('[data-ok]')
        ?.getAttribute('data-ok'),
    ).toBe('false')
  })
})

describe('the lower edge', () => {
  it('says honestly whether the file holds what is on screen', async () => {
    await startScriptedSession({})
    documentStore.getState().open(path, flowOf({ start: { kind: 'start' } }), { hash: 'h', trusted: false })
    draw(<Footer />)
    expect(screen.getByText('Saved')).toBeTruthy()
    expect(screen.getByText('Needs no trust')).toBeTruthy()
    act(() => documentStore.getState().edit('Rename', (flow) => ({ ...flow, name: 'New' })))
    expect(screen.getByText('Unsaved')).toBeTruthy()
  })

  it('says when the engine is gone', async () => {
    const transport = await startScriptedSession({})
    draw(<Footer />)
    act(() => transport.breakConnection())
    expect(screen.getByText('Engine not reachable')).toBeTruthy()
  })
})

describe('the tabs of documents', () => {
  it('are walked with arrows and closed with Delete, asking where edits would be lost', async () => {
    await startScriptedSession({})
    documentStore.getState().open('a.flow.json', flowOf({ start: { kind: 'start' } }), { hash: 'h' })
    documentStore.getState().open('b.flow.json', flowOf({ start: { kind: 'start' } }), { hash: null })
    draw(<DocumentTabs />)
    const unsaved = screen.getByRole('tab', { name: /^b.flow.json/ })
    fireEvent.keyDown(unsaved, { key: 'ArrowLeft' })
    expect(documentStore.getState().active).toBe('a.flow.json')
    fireEvent.keyDown(screen.getByRole('tab', { name: /^a.flow.json/ }), { key: 'Delete' })
    expect(documentStore.getState().tabs).toEqual(['b.flow.json'])
    fireEvent.keyDown(unsaved, { key: 'Delete' })
    expect(documentStore.getState().tabs).toEqual(['b.flow.json'])
  })
})

describe('the runs', () => {
  it('are told by state, time and failure', async () => {
    await startScriptedSession({})
    documentStore.getState().open(path, flowOf({ start: { kind: 'start' } }), { hash: 'h' })
    const run: RunSummary = {
      runId: 'r1',
      flow: path,
      name: 'Test',
      status: 'failed',
      startedAt: new Date().toISOString(),
      durationMs: 1234,
      error: { code: 'http-404', message: 'Not found.', node: 'fetch' },
    }
    runStore.getState().setList([run, { ...run, runId: 'r2', flow: 'other.flow.json' }])
    draw(<RunsPanel />)
    const row = screen.getByText('just now').closest('button')
    expect(row?.textContent).toContain('failed')
    expect(row?.textContent).toContain('fetch: Not found.')
    expect(row?.textContent).toContain('1.2 s')
    expect(screen.getAllByText('just now')).toHaveLength(1)
  })
})

describe('a part that breaks', () => {
  it('says so in its place and leaves the others alone', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    function Broken(): ReactNode {
      throw new Error('a wire is loose')
    }
    draw(
      <>
        <ErrorBoundary what="The canvas">
          <Broken />
        </ErrorBoundary>
        <p>still here</p>
      </>,
    )
    expect(screen.getByText('The canvas could not be shown')).toBeTruthy()
    expect(screen.getByText(/a wire is loose/)).toBeTruthy()
    expect(screen.getByText('still here')).toBeTruthy()
    said.mockRestore()
  })
})
