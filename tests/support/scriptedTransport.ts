import type { Notification, RequestName, RequestParams, RequestResults } from '../../model/protocol.ts'
import type { Transport, TransportHandlers } from '../../renderer/transport/transport.ts'

/** Answers of a scripted engine: a function per request; what it throws becomes the refusal. */
export type Script = { [N in RequestName]?: (params: RequestParams<N>) => RequestResults[N] }

export interface ScriptedTransport extends Transport {
  readonly sent: { id: number; method: RequestName; params: unknown }[]
  open(): void
  breakConnection(final?: boolean): void
  notify(notification: Notification): void
  /** Sends something raw, as a damaged engine might. */
  receive(message: unknown): void
}

/**
 * An engine in memory for component tests: requests are answered from `script` in a microtask; requests without an
 * answer in the script stay open.
 */
export function createScriptedTransport(script: Script): ScriptedTransport {
  let handlers: TransportHandlers | undefined
  const sent: ScriptedTransport['sent'] = []
  const all: Script = { 'engine.hello': () => hello, ...script }
  const answer = (id: number, method: RequestName, params: unknown) => {
    const reply = all[method] as ((params: unknown) => unknown) | undefined
    if (!reply) return
    try {
      handlers?.received({ id, result: reply(params) })
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      handlers?.received({ id, error: { code: code ?? 'internal-error', message } })
    }
  }
  return {
    sent,
    start: (given) => {
      handlers = given
    },
    send: (message) => {
      const request = message as { id: number; method: RequestName; params: unknown }
      sent.push(request)
      queueMicrotask(() => {
        answer(request.id, request.method, request.params)
      })
    },
    close: () => undefined,
    open: () => handlers?.opened(),
    breakConnection: (final = false) => handlers?.closed('gone', final),
    notify: (notification) => handlers?.received(notification),
    receive: (message) => handlers?.received(message),
  }
}

const hello: RequestResults['engine.hello'] = {
  protocol: 1,
  version: '0.0.0',
  workspace: 'example',
  host: 'browser',
  secretStore: 'memory',
}
