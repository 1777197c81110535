import { setTimeout as delay } from 'node:timers/promises'
import type { Executor } from '../../engine/sdk/executor.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { settings } from './spec.ts'

/** Node's timers wrap around past this many milliseconds (24.8 days). */
const longestTimer = 2 ** 31 - 1

/**
 * Waits in this process. The scheduler parks a wait on a durable timer by its role and does not come here; this serves
 * whoever runs the kind without one, such as an agent that was given a wait as a tool.
 */
export const execute: Executor = async ({ data, signal }) => {
  const { for: duration, until } = parseSettings(settings.evaluated, data)
  const startedAt = Date.now()
  const endsAt = duration === undefined ? (until ?? startedAt) : startedAt + duration
  for (let left = endsAt - startedAt; left > 0; left = endsAt - Date.now()) {
    await delay(Math.min(left, longestTimer), undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted()
      throw error
    })
  }
  return { output: { waitedMs: Math.max(0, Date.now() - startedAt) } }
}
