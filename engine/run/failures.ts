import type { EventBody } from '../../model/events.ts'
import { NodeFailure, type Failure } from '../../model/failure.ts'
import type { PlannedPolicy } from '../compile/machine.ts'
import type { ActiveNode } from './state.ts'

/** What follows from a failed attempt: another attempt, or the failure of the visit. */

/** A thrown value as a recorded failure. What is no `NodeFailure` is a bug of the product. EXECUTION.md 5.1. */
export function failureOf(thrown: unknown, node: ActiveNode): Failure {
  const place = { node: node.path, visit: node.visit, attempt: node.attempt }
  if (thrown instanceof NodeFailure) {
    const { code, message, retryable, details } = thrown
    return { code, message, ...place, retryable, ...(details !== undefined && { details }) }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return {
    code: 'internal-error',
    message: `A bug in Switchyard ended this node: ${message}`,
    ...place,
    retryable: false,
  }
}

/** Time and chance, as they stood when the attempt failed. */
export interface Moment {
  readonly now: number
  /** 0 <= x < 1 */
  readonly random: number
}

/** The event that records a failed attempt. EXECUTION.md 5.1, 5.2. */
export function failureEvent(node: ActiveNode, error: Failure, moment: Moment): EventBody {
  const place = { node: node.path, visit: node.visit }
  const retry = node.planned.policy?.retry
  if (retry && node.attempt < retry.max && mayRetry(retry, error)) {
    const resumeAt = new Date(moment.now + retryDelay(retry, node.attempt, moment.random)).toISOString()
    return { type: 'node.retrying', ...place, error, attempt: node.attempt + 1, resumeAt }
  }
  const port =
    node.item || node.call || node.undoes || error.code === 'internal-error' ? undefined : node.planned.failurePort
  return { type: 'node.failed', ...place, error, ...(port !== undefined && { port }) }
}

type Retry = NonNullable<PlannedPolicy['retry']>

function mayRetry(retry: Retry, error: Failure): boolean {
  return retry.on ? retry.on.includes(error.code) : error.retryable
}

/** `jitter` is the share of the delay that chance decides. */
function retryDelay(retry: Retry, attempt: number, random: number): number {
  const grown = retry.delayMs * retry.factor ** (attempt - 1)
  const delay = Math.min(grown, retry.maxDelayMs ?? Number.MAX_SAFE_INTEGER, 100 * 365 * 86_400_000)
  return Math.round(delay * (1 - retry.jitter * random))
}
