/** Runs one node of an exported flow: settings, attempts, and what its policy says of failures. */

/** What an actor of an effect kind is given. It rejects with a {@link StandaloneFailure}, or any error. */
export interface StandaloneCall {
  readonly node: string
  /** The node's settings, evaluated. */
  readonly data: unknown
  readonly prev: unknown
  readonly attempt: number
}

/** What an actor of an effect kind gives. */
export interface StandaloneResult {
  /** `out` where absent. */
  readonly port?: string
  readonly output?: unknown
  readonly vars?: Readonly<Record<string, unknown>>
}

export interface StandaloneFailure {
  readonly code: string
  readonly message: string
  readonly retryable: boolean
}

/** Where time comes from: `globalThis`, or a test's own. */
export interface StandaloneClock {
  setTimeout(wake: () => void, ms: number): unknown
  clearTimeout(timer: never): void
}

/** What expressions read. */
export type StandaloneScope = Readonly<Record<string, unknown>>

export interface StandaloneNode {
  readonly kind: string
  readonly settings: (scope: StandaloneScope) => unknown
  /** A pure kind's work; an effect kind has none and takes the actor of its kind. */
  readonly run?: (call: {
    readonly data: unknown
    readonly prev: unknown
    readonly scope: StandaloneScope
  }) => StandaloneResult
  /** Where the flow goes on after the final failure; `error` is an edge, another port passes on null. */
  readonly failurePort?: string
  readonly disabled?: string
  readonly pin?: { readonly port: string; readonly output: unknown }
  readonly retry?: {
    readonly max: number
    readonly delayMs: number
    readonly factor: number
    readonly maxDelayMs?: number
    readonly on?: readonly string[]
  }
  readonly timeoutMs?: number
  /** Set on a container, whose body it runs instead of an actor. */
  readonly iterates?: 'each' | 'loop' | 'once'
  /** A loop's conditions, asked round by round. */
  readonly conditions?: {
    readonly while?: (scope: StandaloneScope) => unknown
    readonly until?: (scope: StandaloneScope) => unknown
  }
  readonly each?: { readonly items: (scope: StandaloneScope) => unknown; readonly concurrency: number }
}

export interface StandaloneVisit {
  readonly id: string
  readonly prev: unknown
  readonly scope: StandaloneScope
  /** Its loop has started it as often as it may. */
  readonly exceeds: boolean
  readonly signal: AbortSignal
  readonly clock: StandaloneClock
}

type Effect = (call: StandaloneCall) => Promise<StandaloneResult>

export async function runStandaloneNode(
  node: StandaloneNode,
  visit: StandaloneVisit,
  effect: Effect,
): Promise<StandaloneResult> {
  if (node.pin) return node.pin
  if (node.disabled !== undefined) return { port: node.disabled, output: visit.prev }
  try {
    if (visit.exceeds)
      throw failureOf({
        code: 'loop-limit',
        message: `${visit.id} has started as often as its maxVisits allows.`,
        retryable: false,
      })
    return node.each
      ? await runItems(node, node.each, visit, effect)
      : await runAttempts(node, visit, visit.scope, effect)
  } catch (error) {
    if (node.failurePort === undefined || node.failurePort === 'error') throw error
    return { port: node.failurePort, output: null }
  }
}

async function runItems(
  node: StandaloneNode,
  each: NonNullable<StandaloneNode['each']>,
  visit: StandaloneVisit,
  effect: Effect,
): Promise<StandaloneResult> {
  const items = each.items(visit.scope)
  if (!Array.isArray(items))
    throw failureOf({ code: 'expression-failed', message: `${visit.id}: "items" is no list.`, retryable: false })
  const results: unknown[] = []
  let next = 0
  let port: string | undefined
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      const result = await runAttempts(node, visit, { ...visit.scope, item: items[index] as unknown, index }, effect)
      results[index] = result.output ?? null
      port ??= result.port
    }
  }
  await Promise.all(Array.from({ length: each.concurrency }, work))
  return { ...(port !== undefined && { port }), output: results }
}

async function runAttempts(
  node: StandaloneNode,
  visit: StandaloneVisit,
  scope: StandaloneScope,
  effect: Effect,
): Promise<StandaloneResult> {
  const data = attempt(visit.id, () => node.settings(scope))
  for (let number = 1; ; number++) {
    try {
      const running = node.run
        ? Promise.resolve(attempt(visit.id, () => node.run?.({ data, prev: visit.prev, scope }) ?? {}))
        : effect({ node: visit.id, data, prev: visit.prev, attempt: number })
      return await (node.timeoutMs === undefined ? running : inTime(running, node.timeoutMs, visit))
    } catch (error) {
      const { retry } = node
      const failure = failureOf(error)
      const isRetried =
        retry !== undefined && number < retry.max && (retry.on ? retry.on.includes(failure.code) : failure.retryable)
      if (!isRetried || visit.signal.aborted) throw failure
      const ms = Math.min(retry.delayMs * retry.factor ** (number - 1), retry.maxDelayMs ?? Infinity)
      await new Promise<void>((resolve) => visit.clock.setTimeout(resolve, ms))
    }
  }
}

/** What an expression or a pure kind throws is the failure `expression-failed`, unless it says more. */
function attempt<T>(id: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isFailure(error)) throw error
    throw failureOf({
      code: 'expression-failed',
      message: `${id}: ${error instanceof Error ? error.message : String(error)}`,
      retryable: false,
    })
  }
}

async function inTime<T>(work: Promise<T>, ms: number, { id, clock }: StandaloneVisit): Promise<T> {
  const failure = failureOf({ code: 'timeout', message: `${id} took longer than ${String(ms)} ms.`, retryable: true })
  let timer: unknown
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(() => reject(failure), ms)
  })
  return Promise.race([work, late]).finally(() => clock.clearTimeout(timer as never))
}

function isFailure(error: unknown): error is StandaloneFailure {
  return typeof error === 'object' && error !== null && 'code' in error && 'retryable' in error
}

function failureOf(error: unknown): StandaloneFailure & Error {
  const known = isFailure(error)
    ? error
    : { code: 'failed', message: error instanceof Error ? error.message : String(error), retryable: false }
  const { code, message, retryable } = known
  return Object.assign(new Error(message), { code, retryable })
}
