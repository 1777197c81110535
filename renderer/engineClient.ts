import {
  protocolVersion,
  type NotificationName,
  type Notifications,
  type RequestName,
  type RequestParams,
  type RequestResults,
} from '../model/protocol.ts'
import { EngineError, readIncoming } from './transport/messages.ts'
import { RequestQueue } from './transport/requestQueue.ts'
import { RunFollowers, type RunListener } from './transport/runFollowers.ts'
import type { Transport } from './transport/transport.ts'

/** Whether the engine can be spoken to, and if not, the sentence that says why. */
export type ConnectionState =
  | { readonly status: 'connecting' }
  | { readonly status: 'connected'; readonly hello: RequestResults['engine.hello'] }
  | { readonly status: 'lost'; readonly message: string; readonly final: boolean }

export interface EngineClient {
  /**
   * Sends a request and gives its result. Waits for the connection while there is none yet; rejects with an
   * {@link EngineError}: the engine's own refusal, or `engine-lost` when the connection breaks before the answer.
   */
  request<N extends RequestName>(method: N, params: RequestParams<N>): Promise<RequestResults[N]>
  /** Listens to one kind of notification; the result stops it. */
  on<N extends NotificationName>(event: N, listener: (params: Notifications[N]) => void): () => void
  /** Follows a run from its first event; a gap in `seq` or a new connection re-opens it. The result stops it. */
  followRun(runId: string, listener: RunListener): () => void
  state(): ConnectionState
  onState(listener: (state: ConnectionState) => void): () => void
  close(): void
}

type Listeners = { [N in NotificationName]: Set<(params: Notifications[N]) => void> }

/** Opens the client of one engine over a transport, which it starts, and closes when it is closed. */
export function createEngineClient(transport: Transport): EngineClient {
  return new Client(transport)
}

class Client implements EngineClient {
  readonly #transport: Transport
  readonly #requests: RequestQueue
  readonly #runs: RunFollowers
  readonly #stateListeners = new Set<(state: ConnectionState) => void>()
  readonly #listeners: Listeners = {
    'run.events': new Set(),
    'run.progress': new Set(),
    'run.listChanged': new Set(),
    'workspace.changed': new Set(),
    'engine.lost': new Set(),
  }
  #state: ConnectionState = { status: 'connecting' }

  constructor(transport: Transport) {
    this.#transport = transport
    this.#requests = new RequestQueue((message) => {
      transport.send(message)
    })
    this.#runs = new RunFollowers((params) => this.#requests.call('run.open', params))
    transport.start({
      opened: () => {
        this.#opened()
      },
      received: (message) => {
        this.#received(message)
      },
      closed: (message, final) => {
        this.#closed(message, final)
      },
    })
  }

  request<N extends RequestName>(method: N, params: RequestParams<N>): Promise<RequestResults[N]> {
    return this.#requests.call(method, params)
  }

  on<N extends NotificationName>(event: N, listener: (params: Notifications[N]) => void): () => void {
    const listeners: Set<(params: Notifications[N]) => void> = this.#listeners[event]
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  followRun(runId: string, listener: RunListener): () => void {
    const stop = this.#runs.follow(runId, listener)
    return () => {
      if (stop() && this.#state.status === 'connected') this.#requests.call('run.close', { runId }).catch(ignoreLost)
    }
  }

  state(): ConnectionState {
    return this.#state
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener)
    return () => this.#stateListeners.delete(listener)
  }

  close(): void {
    this.#transport.close()
  }

  #setState(state: ConnectionState): void {
    this.#state = state
    for (const listener of [...this.#stateListeners]) listener(state)
  }

  #notify<N extends NotificationName>(event: N, params: Notifications[N]): void {
    const listeners: Set<(params: Notifications[N]) => void> = this.#listeners[event]
    for (const listener of [...listeners]) listener(params)
  }

  #received(raw: unknown): void {
    const message = readIncoming(raw)
    if (message.type === 'response') {
      this.#requests.answered(message)
      return
    }
    if (message.event === 'run.events') this.#runs.received(message.params.runId, message.params.events)
    this.#notify(message.event, message.params)
  }

  #opened(): void {
    this.#requests.call('engine.hello', { protocol: protocolVersion }, true).then(
      (hello) => {
        this.#setState({ status: 'connected', hello })
        this.#requests.connected()
        this.#runs.reopenAll()
      },
      (error: unknown) => {
        if (error instanceof EngineError && error.code === 'engine-lost') return
        this.#setState({ status: 'lost', final: true, message: errorSentence(error) })
      },
    )
  }

  #closed(message: string, final: boolean): void {
    this.#requests.broken(message, final)
    this.#runs.broken()
    this.#setState({ status: 'lost', message, final })
    this.#notify('engine.lost', { message })
  }
}

/** A run whose engine is gone needs no closing; anything else is a fault of the protocol and is worth a line. */
function ignoreLost(error: unknown): void {
  if (error instanceof EngineError && error.code === 'engine-lost') return
  console.error('run.close', error)
}

/** Details of an engine's refusal as one sentence, for toasts and banners. */
export function errorSentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
