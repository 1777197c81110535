import type { Json } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Notification, ProtocolError } from '../../model/protocol.ts'

/** A request that failed: the engine's own refusal, or `engine-lost` where there was no answer. */
export class EngineError extends Error {
  readonly code: string
  readonly details: Json | undefined

  constructor(code: string, message: string, details?: Json) {
    super(message)
    this.name = 'EngineError'
    this.code = code
    this.details = details
  }
}

export type Incoming =
  | ({ readonly type: 'notification' } & Notification)
  | { readonly type: 'response'; readonly id: number; readonly result?: unknown; readonly error?: ProtocolError }

/**
 * Tells responses from notifications. The engine is trusted and built from the same table as this client, so only the
 * outer shape is looked at. Throws an EngineError `bad-message` on anything else.
 */
export function readIncoming(raw: unknown): Incoming {
  const message: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw
  if (!isJsonObject(message)) throw new EngineError('bad-message', 'The engine sent something that is no message.')
  if (typeof message['event'] === 'string') return { ...(message as unknown as Notification), type: 'notification' }
  const { id, error } = message
  if (typeof id !== 'number') throw new EngineError('bad-message', 'The engine sent an answer without a number.')
  if (isJsonObject(error)) return { type: 'response', id, error: readError(error) }
  return { type: 'response', id, result: message['result'] }
}

function readError(error: Record<string, Json>): ProtocolError {
  const { code, message, details } = error
  const known = {
    code: typeof code === 'string' ? code : 'internal-error',
    message: typeof message === 'string' ? message : 'The engine failed without saying why.',
  }
  return details === undefined ? known : { ...known, details }
}
