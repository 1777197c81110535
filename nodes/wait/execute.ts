import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

/** One pause at most; longer waits are made of several (Node's timers wrap around at 2^31 ms). */
const longestPause = 2 ** 31 - 1

/**
 * Waits in this process. The scheduler parks a wait on a durable timer by its role and does not come here; this serves
 * whoever runs the kind without one, such as an agent that was given a wait as a tool.
 */
export const execute: Executor = async ({ data, signal }) => {
  const { for: duration, until } = parseSettings(settings.evaluated, data)
  const startedAt = Date.now()
  const endsAt = duration === undefined ? (until ?? startedAt) : startedAt + duration
  for (let left = endsAt - startedAt; left > 0; left = endsAt - Date.now())
    await pause(Math.min(left, longestPause), signal)
  return { output: { waitedMs: Math.max(0, Date.now() - startedAt) } }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const over = AbortSignal.timeout(Math.ceil(ms))
  const end = new AbortController()
  await new Promise<void>((resolve) => {
    over.addEventListener('abort', () => resolve(), { signal: end.signal })
    signal.addEventListener('abort', () => resolve(), { signal: end.signal })
  })
  end.abort()
  signal.throwIfAborted()
}
