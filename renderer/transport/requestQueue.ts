import type { RequestName, RequestParams, RequestResults } from '../../model/protocol.ts'
import { EngineError, type Incoming } from './messages.ts'

interface Pending {
  resolve(result: unknown): void
  reject(error: EngineError): void
}

interface Message {
  readonly id: number
  readonly method: RequestName
  readonly params: unknown
}

/** Requests on their way: those that wait to be sent, and those that wait for an answer. */
export class RequestQueue {
  readonly #send: (message: object) => void
  readonly #pending = new Map<number, Pending>()
  #unsent: Message[] = []
  #connected = false
  /** Set once there will never be a connection again. */
  #over: string | undefined
  #nextId = 1

  constructor(send: (message: object) => void) {
    this.#send = send
  }

  /** Sends a request, or keeps it until there is a connection; `early` ones go before anything else is let through. */
  call<N extends RequestName>(method: N, params: RequestParams<N>, early = false): Promise<RequestResults[N]> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) {
        reject(new EngineError('engine-lost', this.#over))
        return
      }
      const message: Message = { id: this.#nextId++, method, params }
      // Engine and window are built from the same table, so the result of `method` is its entry there.
      this.#pending.set(message.id, { resolve: (result) => resolve(result as RequestResults[N]), reject })
      if (early || this.#connected) this.#send(message)
      else this.#unsent.push(message)
    })
  }

  /** The engine answers from now on: what waited is sent, in its order. */
  connected(): void {
    this.#connected = true
    for (const message of this.#unsent.splice(0)) this.#send(message)
  }

  /** The connection broke: what was sent has no answer any more. What was not sent waits on, unless it is `final`. */
  broken(message: string, final: boolean): void {
    this.#connected = false
    if (final) {
      this.#over = message
      this.#unsent = []
    }
    const waiting = new Set(this.#unsent.map((unsent) => unsent.id))
    for (const [id, pending] of [...this.#pending]) {
      if (waiting.has(id)) continue
      this.#pending.delete(id)
      pending.reject(new EngineError('engine-lost', message))
    }
  }

  /** Hands an answer to the request it belongs to; one for no request is dropped. */
  answered({ id, result, error }: Extract<Incoming, { type: 'response' }>): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (error) pending?.reject(new EngineError(error.code, error.message, error.details))
    else pending?.resolve(result)
  }
}
