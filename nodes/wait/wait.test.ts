import { describe, expect, it } from 'vitest'
import { executorCall } from '../../tests/support/executorCall.ts'
import { execute } from './execute.ts'
import { settings, spec } from './spec.ts'

describe('wait', () => {
  it('waits for a while and says how long', async () => {
    const { output } = await execute(executorCall({ for: '20ms' }))
    expect(output).toMatchObject({ waitedMs: expect.any(Number) as unknown })
    expect((output as { waitedMs: number }).waitedMs).toBeGreaterThanOrEqual(19)
  })

  it('does not wait for what has passed', async () => {
    expect(await execute(executorCall({ until: '2001-01-01T00:00:00Z' }))).toEqual({ output: { waitedMs: 0 } })
  })

  it('ends with the signal’s reason when aborted', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const waiting = execute(executorCall({ for: '30d' }, { signal: controller.signal }))
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
  })

  it('evaluates to milliseconds, and names what is none', () => {
    expect(settings.evaluated.parse({ for: '2m', until: null })).toEqual({ for: 120_000, until: undefined })
    expect(settings.evaluated.parse({ until: '1970-01-01T00:01:00Z' }).until).toBe(60_000)
    expect(settings.evaluated.safeParse({ for: 'soon' }).success).toBe(false)
  })

  it('wants exactly one of the two', () => {
    const fits = (data: unknown) => spec.data.safeParse(data).success
    expect([
      fits({}),
      fits({ for: '1s', until: '2027-01-01' }),
      fits({ for: 'soon' }),
      fits({ until: 'later' }),
    ]).toEqual([false, false, false, false])
    expect([fits({ for: '1s' }), fits({ until: '2027-01-01' }), fits({ for: '{{ vars.pause }}' })]).toEqual([
      true,
      true,
      true,
    ])
  })
})
