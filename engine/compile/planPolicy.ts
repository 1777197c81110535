import { defaultMaxVisits, type FlowNode, type Policy, type RetryPolicy } from '../../model/document.ts'
import { parseDuration } from '../../model/duration.ts'
import { holeOrLiteral } from '../../model/expressions/settings.ts'
import type { PlannedPolicy } from './machine.ts'
import type { Reporter } from './reporter.ts'

/** Plans a node's policy: durations in milliseconds, defaults filled. What does not fit is reported and left out. */
export function planPolicy(id: string, policy: Policy, ports: readonly string[], reporter: Reporter): PlannedPolicy {
  const bad: Bad = (field, message) => {
    reporter.report('bad-policy', `Node "${id}": ${message}`, { node: id, field: `policy.${field}` })
  }
  const duration = (field: string, text: string | undefined): number | undefined => {
    const ms = text === undefined ? undefined : parseDuration(text)
    if (text !== undefined && ms === undefined)
      bad(field, `"${text}" is no duration such as 500ms, 30s, 10m, 2h or 7d.`)
    return ms
  }
  const count = (field: string, value: number | undefined): number | undefined => {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) return value
    bad(field, `${field} must be a whole number from 1 on.`)
    return undefined
  }

  const retry = policy.retry && planRetry(policy.retry, duration, count, bad)
  const timeoutMs = duration('timeout', policy.timeout)
  const cacheMs = duration('cache', policy.cache)
  const maxVisits = count('maxVisits', policy.maxVisits)
  const concurrency = count('each.concurrency', policy.each?.concurrency)
  if (policy.each && ports.length !== 1) {
    bad('each', `"each" needs a kind with exactly one port to finish on; this one has ${String(ports.length)}.`)
  }
  if (policy.each && !holeOrLiteral(policy.each.items)) {
    reporter.report('bad-expression', `Node "${id}": "items" must be one {{ expression }} or a JSON list.`, {
      node: id,
      field: 'policy.each.items',
    })
  }
  return {
    ...(retry && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(policy.each && { each: { items: policy.each.items, concurrency: concurrency ?? 1 } }),
    ...(policy.idempotent !== undefined && { idempotent: policy.idempotent }),
    ...(policy.compensate !== undefined && { compensate: policy.compensate }),
    ...(cacheMs !== undefined && { cacheMs }),
    ...(maxVisits !== undefined && { maxVisits }),
  }
}

type Bad = (field: string, message: string) => void

function planRetry(
  retry: RetryPolicy,
  duration: (field: string, text: string | undefined) => number | undefined,
  count: (field: string, value: number | undefined) => number | undefined,
  bad: Bad,
): PlannedPolicy['retry'] {
  const max = count('retry.max', retry.max) ?? 1
  const delayMs = duration('retry.delay', retry.delay) ?? 0
  const maxDelayMs = duration('retry.maxDelay', retry.maxDelay)
  const factor = retry.factor ?? 1
  const jitter = retry.jitter ?? 0
  if (!(factor >= 1)) bad('retry.factor', 'factor must be a number from 1 on.')
  if (!(jitter >= 0 && jitter <= 1)) bad('retry.jitter', 'jitter must be a number from 0 to 1.')
  return {
    max,
    delayMs,
    factor,
    ...(maxDelayMs !== undefined && { maxDelayMs }),
    jitter,
    ...(retry.on && { on: retry.on }),
  }
}

/** Starts of a loop's header that its policy allows. */
export function maxVisitsOf(node: FlowNode | undefined): number {
  return node?.policy?.maxVisits ?? defaultMaxVisits
}
