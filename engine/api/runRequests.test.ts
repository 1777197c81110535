import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEngine, type EngineHarness } from '../../tests/support/engineHarness.ts'

let engine: EngineHarness

beforeEach(async () => {
  engine = await openEngine({ HOME: '/home/canary' })
})
afterEach(() => engine.close())

const text = (value: string): string =>
  JSON.stringify({
    format: 'switchyard.flow/1',
    name: 'Home',
    env: ['HOME'],
    nodes: { start: { kind: 'start' }, done: { kind: 'return', data: { value } } },
    edges: ['start -> done'],
  })
const flow = { path: 'home.flow.json', text: text('{{ env.HOME }}') }

async function trustedOnce(): Promise<string> {
  const started = await engine.request('run.start', { flow, input: {}, trust: true })
  if (!('runId' in started)) throw new Error(JSON.stringify(started))
  await engine.request('run.settled', started)
  return started.runId
}

describe('a fork of a run that was trusted for once', () => {
  it('does not begin while its flow is not trusted, also where another text of that flow is', async () => {
    const runId = await trustedOnce()
    const untrusted = { untrusted: { env: ['HOME'] } }
    expect(await engine.request('run.fork', { runId, seq: 1 })).toMatchObject(untrusted)
    await engine.request('trust.grant', { flow: { ...flow, text: text('other') } })
    expect(await engine.request('run.fork', { runId, seq: 1 })).toMatchObject(untrusted)
    expect((await engine.request('run.list', {})).runs).toHaveLength(1)
  })

  it.each(['the flow', 'the fork'])('reaches outside where %s is trusted', async (what) => {
    const runId = await trustedOnce()
    if (what === 'the flow') await engine.request('trust.grant', { flow })
    const forked = await engine.request('run.fork', { runId, seq: 1, trust: what === 'the fork' })
    if (!('runId' in forked)) throw new Error(JSON.stringify(forked))
    const { runId: fork } = forked
    expect(await engine.request('run.settled', { runId: fork })).toMatchObject({ output: '/home/canary' })
  })
})
