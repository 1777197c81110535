import { APIConnectionError, APIError, APIUserAbortError } from 'openai'
import { NodeFailure } from '../../model/failure.ts'
import type { ModelEndpoint } from './modelEndpoint.ts'
import type { Redactor } from './redactor.ts'

/** Turns what the client throws into a failure that says what to do; failures and bugs pass through. */
export function modelFailure(error: unknown, endpoint: ModelEndpoint, redactor: Redactor): unknown {
  if (error instanceof NodeFailure || !(error instanceof Error)) return error
  const said = redactor.text(error.message)
  if (error instanceof APIUserAbortError) return error
  if (error instanceof APIConnectionError) return failureInside(error) ?? unreachable(endpoint, error)
  if (error instanceof APIError) {
    const status: unknown = error.status
    return typeof status === 'number' ? answered(endpoint, status, said, error) : streamed(endpoint, said, error)
  }
  if (error instanceof SyntaxError)
    return retryable('model-bad-answer', `${endpoint.provider} sent an answer that is damaged.`, error)
  // undici ends a body that stops in the middle with a TypeError that carries the socket's error.
  if (error instanceof TypeError && error.cause !== undefined) return cutFailure(endpoint, error)
  return error
}

/** The stream ended before the answer did. */
export function cutFailure(endpoint: ModelEndpoint, cause?: Error): NodeFailure {
  return retryable('model-cut', `The answer of ${endpoint.provider} was cut off.`, cause)
}

/** Nothing came for so long that nothing more is to be expected. */
export function stalledFailure(endpoint: ModelEndpoint, waitedMs: number): NodeFailure {
  return retryable('model-stalled', `${endpoint.provider} sent nothing for ${Math.round(waitedMs / 1000)} s.`)
}

function answered(endpoint: ModelEndpoint, status: number, said: string, cause: Error): NodeFailure {
  const { provider, model } = endpoint
  if (status === 401 || status === 403)
    return new NodeFailure(
      'model-bad-key',
      `${provider} refuses the key: enter a valid one in the settings. It said: ${said}`,
      { cause },
    )
  if (status === 404)
    return new NodeFailure(
      'model-not-found',
      `${provider} has no model "${model}"${pullAdvice(endpoint)}. It said: ${said}`,
      { cause },
    )
  if (status === 429)
    return retryable('model-rate-limited', `${provider} allows no more requests for now. It said: ${said}`, cause)
  if (status === 408 || status >= 500)
    return retryable('model-server-error', `${provider} failed with status ${status}. It said: ${said}`, cause)
  return new NodeFailure('model-bad-request', `${provider} refuses the request (status ${status}). It said: ${said}`, {
    details: { status },
    cause,
  })
}

/** An error sent inside the stream carries no status. */
function streamed(endpoint: ModelEndpoint, said: string, cause: Error): NodeFailure {
  return retryable('model-server-error', `${endpoint.provider} broke off with an error. It said: ${said}`, cause)
}

function unreachable(endpoint: ModelEndpoint, cause: Error): NodeFailure {
  const advice =
    endpoint.provider === 'ollama'
      ? 'Start Ollama (`ollama serve`), or name another model.'
      : 'Is the server running, and is the base URL in the settings right?'
  return retryable('model-unreachable', `Nothing answers at ${endpoint.baseURL}. ${advice}`, cause)
}

function pullAdvice({ provider, model }: ModelEndpoint): string {
  return provider === 'ollama' ? ` (get it with \`ollama pull ${model}\`)` : ''
}

function failureInside(error: unknown): NodeFailure | undefined {
  if (error instanceof NodeFailure) return error
  return error instanceof Error && error.cause !== undefined ? failureInside(error.cause) : undefined
}

function retryable(code: string, message: string, cause?: Error): NodeFailure {
  return new NodeFailure(code, message, { retryable: true, ...(cause === undefined ? {} : { cause }) })
}
