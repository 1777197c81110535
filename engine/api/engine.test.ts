import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notification, Response } from '../../model/protocol.ts'
import { openEngine, type EngineHarness } from '../../tests/support/engineHarness.ts'

let harness: EngineHarness

beforeEach(async () => {
  harness = await openEngine()
})
afterEach(() => harness.close())

describe('a connection', () => {
  it('answers with an error where its transport cannot carry the answer', async () => {
    const sent: (Response | Notification)[] = []
    const connection = harness.engine.connect((message) => {
      if ('result' in message) throw new RangeError('Invalid string length')
      sent.push(message)
    })
    await connection.receive({ id: 7, method: 'run.list', params: {} })
    expect(sent).toMatchObject([{ id: 7, error: { code: 'internal-error' } }])
  })
})
