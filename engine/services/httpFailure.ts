import { NodeFailure } from '../../model/failure.ts'
import type { Redactor } from './redactor.ts'

/** What to tell people about the system's error codes; the rest is described by its own message. */
const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name could not be looked up',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
}
const timeouts = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])
const certificateCode = /^(CERT_|ERR_TLS_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH)/

/** Turns what undici, TLS or zlib throw into a failure with a sentence; failures pass through. Bugs pass through too. */
export function httpFailure(error: unknown, url: URL, redactor: Redactor): unknown {
  const failure = innermostFailure(error)
  if (failure) return failure
  if (!(error instanceof Error)) return error
  const code = codeOf(error)
  if (code === undefined) return error
  const place = `${url.host}${url.pathname}`
  if (timeouts.has(code))
    return new NodeFailure('timeout', `${place} did not answer in time.`, { retryable: true, cause: error })
  if (certificateCode.test(code)) {
    const advice = 'If that is your network’s own authority, name its certificate file in the settings.'
    return new NodeFailure('http-network', `The certificate of ${url.host} is not trusted (${code}). ${advice}`, {
      details: { code },
      cause: error,
    })
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new NodeFailure('bad-setting', `The request to ${place} cannot be sent: ${redactor.text(error.message)}.`, {
      cause: error,
    })
  }
  const reason = sentences[code] ?? redactor.text(error.message || code)
  return new NodeFailure('http-network', `${place} could not be reached: ${reason} (${code}).`, {
    retryable: true,
    details: { code },
    cause: error,
  })
}

/** A refused address arrives wrapped by Node's connection attempts. */
function innermostFailure(error: unknown): NodeFailure | undefined {
  if (error instanceof NodeFailure) return error
  if (error instanceof AggregateError) return error.errors.map(innermostFailure).find((found) => found !== undefined)
  return error instanceof Error && error.cause !== undefined ? innermostFailure(error.cause) : undefined
}

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError)
    return error.errors
      .filter((e) => e instanceof Error)
      .map(codeOf)
      .find((found) => found !== undefined)
  return error.cause instanceof Error ? codeOf(error.cause) : undefined
}
