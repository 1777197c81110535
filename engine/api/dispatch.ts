import { z } from 'zod'
import '../../model/jitless.ts'
import { NodeFailure } from '../../model/failure.ts'
import {
  requestSchemas,
  type ProtocolError,
  type RequestName,
  type RequestParams,
  type Response,
} from '../../model/protocol.ts'
import type { ConnectedClient } from './connectedClient.ts'
import type { EngineApi } from './engineApi.ts'

const envelopeSchema = z.object({ id: z.number(), method: z.string(), params: z.unknown().optional() })

/**
 * Answers one request. Never rejects: what a handler throws becomes a {@link ProtocolError}. Undefined for a message
 * that is no request at all, because there is no id to answer to.
 */
export async function dispatch(
  api: EngineApi,
  message: unknown,
  client: ConnectedClient,
): Promise<Response | undefined> {
  const envelope = envelopeSchema.safeParse(message).data
  if (!envelope) return undefined
  const { id, method, params } = envelope
  try {
    if (!isRequestName(method)) throw new NodeFailure('unknown-request', `There is no request "${method}".`)
    return { id, result: await call(api, method, params, client) }
  } catch (error) {
    return { id, error: describeError(error, method) }
  }
}

/** What crosses a process of a thrown value: no stack, no cause. Bugs are written to stderr with their stack. */
export function describeError(error: unknown, during: string): ProtocolError {
  if (error instanceof NodeFailure) {
    return { code: error.code, message: error.message, ...(error.details !== undefined && { details: error.details }) }
  }
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${during}: ${error instanceof Error ? (error.stack ?? message) : message}\n`)
  return { code: 'internal-error', message: `Internal error: ${message}` }
}

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requestSchemas, name)
}

async function call<N extends RequestName>(api: EngineApi, name: N, raw: unknown, client: ConnectedClient) {
  const parsed = requestSchemas[name].safeParse(raw)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new NodeFailure(
      'bad-params',
      `${name}: ${issue ? `${issue.path.join('.')} ${issue.message}` : 'bad parameters'}`,
    )
  }
  // The schema of N gives the parameters of N; TypeScript sees only the union of all schemas here.
  return api[name](parsed.data as RequestParams<N>, client)
}
