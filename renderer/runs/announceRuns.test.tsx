import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { toast, Toaster } from 'sonner'
import { afterEach, expect, it } from 'vitest'
import type { RunEvent } from '../../model/events.ts'
import type { Failure } from '../../model/failure.ts'
import type { RunSummary } from '../../model/protocol.ts'
import { flowOf } from '../../tests/support/documentSession.ts'
import { documentStore } from '../state/documentStore.ts'
import { runStore } from '../state/runStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { announceFailures, awaitEnd } from './announceRuns.ts'

afterEach(() => {
  toast.dismiss()
  cleanup()
})

const path = 'a.flow.json'
const at = '2026-01-01T00:00:00.000Z'
const summary: RunSummary = { runId: 'r1', flow: path, name: 'Fetch', status: 'failed', startedAt: at }
const error: Failure = {
  code: 'bad-settings',
  message: 'The address is no address.',
  node: 'fetch',
  retryable: false,
  details: { field: 'data.url' },
}
function eventsOf(failure: Failure): readonly RunEvent[] {
  return [
    {
      runId: 'r1',
      seq: 1,
      at,
      type: 'run.started',
      flow: path,
      name: 'Fetch',
      flowHash: 'a',
      machine: 'b',
      input: {},
    },
    { runId: 'r1', seq: 2, at, type: 'run.failed', error: failure },
  ]
}

it.each([
  ['that the failure names', error, 'data.url'],
  ['that comes first, after an expression', { ...error, code: 'expression-failed', details: null }, undefined],
])('leads from the message of a failed run to the node and to the setting %s', async (_case, failure, field) => {
  documentStore.getState().open(path, flowOf({ fetch: { kind: 'http' } }, []), { hash: 'h', trusted: true })
  selectionStore.setState({ nodes: new Set(), fieldRequest: undefined })
  render(<Toaster />)
  const stop = announceFailures()
  awaitEnd('r1')
  act(() => runStore.getState().opened(summary, eventsOf(failure), ''))
  fireEvent.click(await screen.findByRole('button', { name: 'Show node' }))
  expect([...selectionStore.getState().nodes]).toEqual(['fetch'])
  expect(selectionStore.getState().fieldRequest).toMatchObject({
    node: 'fetch',
    ...(field === undefined ? {} : { field }),
  })
  stop()
})
