import type { Json } from './json.ts'

/** A recorded failure of a node, as events and expressions (`nodes.x.error`) carry it. EXECUTION.md 5.1. */
export interface Failure {
  /** Kebab-case and stable, for instance `http-404`. */
  code: string
  /** One sentence for a person: what happened, and what to do. */
  message: string
  /** Node path of the node that failed. */
  node?: string
  visit?: number
  /** 1 for the first attempt. */
  attempt?: number
  retryable: boolean
  details?: Json
}

/**
 * An expected failure: thrown by executors and services, recorded as a {@link Failure}.
 * Any other thrown value is a bug and ends the run as `internal-error`.
 */
export class NodeFailure extends Error {
  readonly code: string
  readonly retryable: boolean
  readonly details: Json | undefined

  constructor(code: string, message: string, options: { retryable?: boolean; details?: Json; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'NodeFailure'
    this.code = code
    this.retryable = options.retryable ?? false
    this.details = options.details
  }
}
