import { describe, expect, it, vi } from 'vitest'
import type { RunEvent } from '../model/events.ts'
import type { RunSummary } from '../model/protocol.ts'
import { createScriptedTransport, type Script } from '../tests/support/scriptedTransport.ts'
import { createEngineClient } from './engineClient.ts'
import { EngineError } from './transport/messages.ts'
import type { RunListener } from './transport/runFollowers.ts'
import { readToken } from './transport/webSocketTransport.ts'

const summary: RunSummary = {
  runId: 'r1',
  flow: 'a.flow.json',
  name: 'A',
  status: 'running',
  startedAt: '2026-01-01T00:00:00Z',
}

function log(seq: number): RunEvent {
  return {
    runId: 'r1',
    seq,
    at: '2026-01-01T00:00:00Z',
    type: 'log',
    node: 'a',
    visit: 1,
    level: 'info',
    message: String(seq),
  }
}

function connect(script: Script) {
  const transport = createScriptedTransport(script)
  const client = createEngineClient(transport)
  return { transport, client }
}

async function settle() {
  for (let i = 0; i < 10; i += 1) await Promise.resolve()
}

function collecting() {
  const seen: number[] = []
  const listener: RunListener = {
    opened: () => undefined,
    events: (events) => seen.push(...events.map((e) => e.seq)),
    failed: (error) => {
      throw error
    },
  }
  return { seen, listener }
}

describe('the engine client', () => {
  it('greets the engine first and sends what waited for the connection', async () => {
    const { transport, client } = connect({ 'workspace.files': () => ({ files: [] }) })
    const files = client.request('workspace.files', {})
    expect(transport.sent).toEqual([])
    transport.open()
    await expect(files).resolves.toEqual({ files: [] })
    expect(transport.sent.map((m) => m.method)).toEqual(['engine.hello', 'workspace.files'])
    expect(client.state().status).toBe('connected')
  })

  it('rejects with the code of the refusal', async () => {
    const refuse = () => {
      throw Object.assign(new Error('There is no such file.'), { code: 'not-found' })
    }
    const { transport, client } = connect({ 'file.read': refuse })
    transport.open()
    const error = await client.request('file.read', { path: 'x' }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(EngineError)
    expect(error).toMatchObject({ code: 'not-found', message: 'There is no such file.' })
  })

  it('rejects what was under way when the connection breaks, and keeps what still waits to be sent', async () => {
    const { transport, client } = connect({ 'workspace.files': () => ({ files: [] }) })
    transport.open()
    await settle()
    const lost = client.request('run.list', {})
    transport.breakConnection()
    await expect(lost).rejects.toMatchObject({ code: 'engine-lost' })
    const later = client.request('workspace.files', {})
    transport.open()
    await expect(later).resolves.toEqual({ files: [] })
  })

  it('refuses everything once the transport has given up', async () => {
    const { transport, client } = connect({})
    transport.breakConnection(true)
    await expect(client.request('run.list', {})).rejects.toMatchObject({ code: 'engine-lost' })
  })

  it('reports the connection once per change', async () => {
    const { transport, client } = connect({})
    const seen = vi.fn()
    client.onState((state) => seen(state.status))
    transport.open()
    await settle()
    transport.breakConnection()
    expect(seen.mock.calls.flat()).toEqual(['connected', 'lost'])
  })
})

describe('following a run', () => {
  it('joins the events of the answer with those that came meanwhile, each once', async () => {
    const { transport, client } = connect({ 'run.open': () => ({ summary, events: [log(1), log(2)], flowText: '' }) })
    transport.open()
    await settle()
    const { seen, listener } = collecting()
    client.followRun('r1', listener)
    transport.notify({ event: 'run.events', params: { runId: 'r1', events: [log(2), log(3)] } })
    await settle()
    transport.notify({ event: 'run.events', params: { runId: 'r1', events: [log(4)] } })
    expect(seen).toEqual([1, 2, 3, 4])
  })

  it('opens the run again where a sequence number is missing', async () => {
    const opens: (number | undefined)[] = []
    const { transport, client } = connect({
      'run.open': ({ after }) => {
        opens.push(after)
        return { summary, events: after === undefined ? [log(1)] : [log(2), log(3)], flowText: '' }
      },
    })
    transport.open()
    await settle()
    const { seen, listener } = collecting()
    client.followRun('r1', listener)
    await settle()
    transport.notify({ event: 'run.events', params: { runId: 'r1', events: [log(3)] } })
    await settle()
    expect(opens).toEqual([undefined, 1])
    expect(seen).toEqual([1, 2, 3])
  })

  it('goes on after a reconnection from the last event it has', async () => {
    const opens: (number | undefined)[] = []
    const { transport, client } = connect({
      'run.open': ({ after }) => {
        opens.push(after)
        return { summary, events: after === undefined ? [log(1)] : [log(2)], flowText: '' }
      },
    })
    transport.open()
    await settle()
    const { seen, listener } = collecting()
    client.followRun('r1', listener)
    await settle()
    transport.breakConnection()
    transport.open()
    await settle()
    expect(opens).toEqual([undefined, 1])
    expect(seen).toEqual([1, 2])
  })
})

describe('the token of the address', () => {
  it('reads the named form and a bare token, and nothing from other fragments', () => {
    expect(readToken('#token=abc')).toBe('abc')
    expect(readToken('#AbCdEfGhIjKlMnOpQrStUvWx')).toBe('AbCdEfGhIjKlMnOpQrStUvWx')
    expect(readToken('#section')).toBeUndefined()
    expect(readToken('')).toBeUndefined()
  })
})
