import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { RequestParams, RequestResults, RunSummary } from '../../model/protocol.ts'
import { flowOf, settled, startScriptedSession } from '../../tests/support/documentSession.ts'
import { dialogStore } from '../shell/dialogStore.ts'
import { viewStore } from '../shell/viewStore.ts'
import { documentStore } from '../state/documentStore.ts'
import { runStore } from '../state/runStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { backToLive, viewRun } from './pastRuns.ts'
import { runActive, runNode, stopActive } from './runCommands.ts'

const path = 'a.flow.json'
const inputs = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', default: 3 } },
  required: ['city'],
}

function summary(runId: string, status: RunSummary['status'] = 'running'): RunSummary {
  return { runId, flow: path, name: 'Test', status, startedAt: '2026-01-01T00:00:00Z' }
}

type Start = (params: RequestParams<'run.start'>) => RequestResults['run.start']

async function session(start: Start, more: object = {}) {
  const cancel = vi.fn(() => ({}))
  const grant = vi.fn(() => ({}))
  await startScriptedSession({
    'run.start': start,
    'run.open': ({ runId }) => ({ summary: summary(runId), events: [], flowText: '' }),
    'run.close': () => ({}),
    'run.cancel': cancel,
    'trust.grant': grant,
  })
  documentStore
    .getState()
    .open(path, flowOf({ start: { kind: 'start' }, a: { kind: 'http', data: {} } }, ['start -> a'], more), {
      hash: 'h',
      trusted: true,
    })
  return { cancel, grant }
}

beforeEach(() => {
  viewStore.setState({ lastInputs: {}, consoleTab: 'timeline' })
})

describe('Run', () => {
  it('sends the document as it stands on screen and shows the run', async () => {
    const start = vi.fn<Start>(() => ({ runId: 'r1' }))
    await session(start)
    documentStore.getState().edit('Rename', (flow) => ({ ...flow, name: 'Unsaved name' }))
    runActive()
    await settled()
    expect(start.mock.calls[0]?.[0].flow.text).toContain('Unsaved name')
    expect(runStore.getState().shown[path]).toBe('r1')
  })

  it('asks for inputs that are missing, and does not ask again once they are known', async () => {
    const start = vi.fn<Start>(() => ({ runId: 'r1' }))
    await session(start, { inputs })
    runActive()
    expect(dialogStore.getState().dialog).toEqual({ type: 'run-inputs', path })
    expect(start).not.toHaveBeenCalled()
    viewStore.setState({ lastInputs: { [path]: { city: 'Oslo', gone: 1 } } })
    runActive()
    await settled()
    expect(start.mock.calls[0]?.[0].input).toEqual({ city: 'Oslo', days: 3 })
  })

  it('asks for trust before anything happens, and runs on once it is given', async () => {
    let trusted = false
    const start = vi.fn<Start>(() => (trusted ? { runId: 'r1' } : { untrusted: { services: ['http'], env: [] } }))
    const { grant } = await session(start)
    runActive()
    await settled()
    const { dialog } = dialogStore.getState()
    expect(dialog).toMatchObject({ type: 'trust', services: ['http'] })
    expect(runStore.getState().shown[path]).toBeUndefined()
    trusted = true
    if (dialog?.type === 'trust') dialog.run?.(false)
    await settled()
    expect(grant).toHaveBeenCalledOnce()
    expect(runStore.getState().shown[path]).toBe('r1')
  })

  it('can be allowed for one run alone', async () => {
    const start = vi.fn<Start>(({ trust }) =>
      trust ? { runId: 'r1' } : { untrusted: { services: ['shell'], env: ['HOME'] } },
    )
    const { grant } = await session(start)
    runActive()
    await settled()
    const { dialog } = dialogStore.getState()
    if (dialog?.type === 'trust') dialog.run?.(true)
    await settled()
    expect(grant).not.toHaveBeenCalled()
    expect(runStore.getState().shown[path]).toBe('r1')
  })

  it('leads to the node and field of the first error', async () => {
    const diagnostics = [
      {
        code: 'missing-field',
        severity: 'error',
        message: 'URL is empty.',
        file: path,
        node: 'a',
        field: 'data.url',
      } as const,
    ]
    await session(() => ({ diagnostics: [...diagnostics] }))
    runActive()
    await settled()
    expect(documentStore.getState().documents[path]?.diagnostics).toEqual(diagnostics)
    expect(viewStore.getState().consoleTab).toBe('problems')
    expect(selectionStore.getState().fieldRequest).toMatchObject({ node: 'a', field: 'data.url' })
  })

  it('runs a node alone with what came in last, or with what is given', async () => {
    const start = vi.fn<Start>(() => ({ runId: 'r2' }))
    await session(start)
    runStore.getState().show(path, 'r1')
    runNode(path, 'a')
    await settled()
    runNode(path, 'a', { pasted: true })
    await settled()
    expect(start.mock.calls.map(([params]) => params.only)).toEqual([
      { node: 'a', runId: 'r1' },
      { node: 'a', runId: 'r2', prev: { pasted: true } },
    ])
  })

  it('is stopped by Stop', async () => {
    const { cancel } = await session(() => ({ runId: 'r1' }))
    runActive()
    await settled()
    stopActive()
    await settled()
    expect(cancel).toHaveBeenCalledWith({ runId: 'r1' })
  })
})

describe('a past run', () => {
  it('is shown until one goes back to the run that was there before', async () => {
    await session(() => ({ runId: 'live' }))
    runActive()
    await settled()
    runStore.getState().setList([summary('old', 'completed')])
    viewRun(path, 'old')
    await settled()
    expect(runStore.getState().shown[path]).toBe('old')
    backToLive(path)
    expect(runStore.getState().shown[path]).toBe('live')
  })
})
