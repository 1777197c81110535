import type { RunEvent } from '../model/events.ts'
import {
  protocolVersion,
  type NotificationName,
  type Notifications,
  type RequestName,
  type RequestParams,
  type RequestResults,
  type RunSummary,
} from '../model/protocol.ts'
import { EngineError, readIncoming } from './transport/messages.ts'
import type { Transport } from './transport/transport.ts'

/** Whether the engine can be spoken to, and if not, the sentence that says why. */
export type ConnectionState =
  | { readonly status: 'connecting' }
  | { readonly status: 'connected'; readonly hello: RequestResults['engine.hello'] }
  | { readonly status: 'lost'; readonly message: string; readonly final: boolean }

/** What a window wants to hear of one run. Events arrive in order of `seq`, without gaps and without repetition. */
export interface RunListener {
  /** The run's summary and the flow text it was started with; again after each reconnection. */
  opened(summary: RunSummary, flowText: string): void
  events(events: readonly RunEvent[]): void
  /** The run cannot be followed (it is unknown, or its store is damaged). */
  failed(error: EngineError): void
}

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

interface Pending {
  resolve(result: unknown): void
  reject(error: EngineError): void
}

type AnyListener = (params: never) => void

interface Followed {
  readonly listener: RunListener
  lastSeq: number
  /** Events that came while the run was being opened. */
  held: RunEvent[] | undefined
}

/** Opens the client of one engine over a transport, which it starts, and closes when it is closed. */
export function createEngineClient(transport: Transport): EngineClient {
  const pending = new Map<number, Pending>()
  const queue: { id: number; method: string; params: unknown }[] = []
  const listeners = new Map<NotificationName, Set<AnyListener>>()
  const stateListeners = new Set<(state: ConnectionState) => void>()
  const followed = new Map<string, Set<Followed>>()
  let state: ConnectionState = { status: 'connecting' }
  let nextId = 1

  const setState = (next: ConnectionState) => {
    state = next
    for (const listener of [...stateListeners]) listener(next)
  }

  const post = (method: string, params: unknown, accept: Pending, early: boolean) => {
    const message = { id: nextId++, method, params }
    pending.set(message.id, accept)
    if (early || state.status === 'connected') transport.send(message)
    else queue.push(message)
  }

  const call = <N extends RequestName>(method: N, params: RequestParams<N>, early: boolean) =>
    new Promise<RequestResults[N]>((resolve, reject) => {
      if (state.status === 'lost' && state.final) reject(new EngineError('engine-lost', state.message))
      // The engine and this client are built from the same table, so the result of `method` is its entry there.
      else post(method, params, { resolve: (result) => resolve(result as RequestResults[N]), reject }, early)
    })

  const notify = <N extends NotificationName>(event: N, params: Notifications[N]) => {
    for (const listener of [...(listeners.get(event) ?? [])]) (listener as (params: Notifications[N]) => void)(params)
  }

  const openRun = (runId: string, run: Followed) => {
    if (run.held) return
    run.held = []
    call('run.open', run.lastSeq > 0 ? { runId, after: run.lastSeq } : { runId }, false).then(
      (result) => {
        const late = run.held ?? []
        run.held = undefined
        run.listener.opened(result.summary, result.flowText)
        deliver(runId, run, [...result.events, ...late])
      },
      (error: unknown) => {
        run.held = undefined
        const known = error instanceof EngineError ? error : new EngineError('internal-error', String(error))
        if (known.code !== 'engine-lost') run.listener.failed(known)
      },
    )
  }

  const deliver = (runId: string, run: Followed, events: readonly RunEvent[]) => {
    if (run.held) {
      run.held.push(...events)
      return
    }
    const fresh: RunEvent[] = []
    for (const event of events) {
      if (event.seq <= run.lastSeq) continue
      if (event.seq !== run.lastSeq + 1) break
      run.lastSeq = event.seq
      fresh.push(event)
    }
    if (fresh.length > 0) run.listener.events(fresh)
    const last = events.at(-1)
    if (last && last.seq > run.lastSeq) openRun(runId, run)
  }

  const receive = (raw: unknown) => {
    const message = readIncoming(raw)
    if (message.type === 'notification') {
      if (message.event === 'run.events') {
        for (const run of followed.get(message.params.runId) ?? []) deliver(message.params.runId, run, message.params.events)
      }
      notify(message.event, message.params as never)
      return
    }
    const waiting = pending.get(message.id)
    pending.delete(message.id)
    if (message.error) waiting?.reject(new EngineError(message.error.code, message.error.message, message.error.details))
    else waiting?.resolve(message.result)
  }

  const opened = () => {
    call('engine.hello', { protocol: protocolVersion }, true).then(
      (hello) => {
        setState({ status: 'connected', hello })
        for (const message of queue.splice(0)) transport.send(message)
        for (const [runId, runs] of followed) for (const run of runs) openRun(runId, run)
      },
      (error: unknown) => {
        if (error instanceof EngineError && error.code === 'engine-lost') return
        setState({ status: 'lost', final: true, message: error instanceof Error ? error.message : String(error) })
      },
    )
  }

  const closed = (message: string, final: boolean) => {
    const queued = new Set(queue.map((entry) => entry.id))
    for (const [id, waiting] of [...pending]) {
      if (queued.has(id) && !final) continue
      pending.delete(id)
      waiting.reject(new EngineError('engine-lost', message))
    }
    if (final) queue.length = 0
    for (const runs of followed.values()) for (const run of runs) run.held = undefined
    setState({ status: 'lost', message, final })
    notify('engine.lost', { message })
  }

  transport.start({ opened, received: receive, closed })

  return {
    request: (method, params) => call(method, params, false),
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set<AnyListener>()
      listeners.set(event, set)
      set.add(listener as AnyListener)
      return () => set.delete(listener as AnyListener)
    },
    followRun: (runId, listener) => {
      const run: Followed = { listener, lastSeq: 0, held: undefined }
      const set = followed.get(runId) ?? new Set<Followed>()
      followed.set(runId, set)
      set.add(run)
      openRun(runId, run)
      return () => {
        set.delete(run)
        if (set.size > 0) return
        followed.delete(runId)
        if (state.status === 'connected') call('run.close', { runId }, false).catch(ignoreLostClose)
      }
    },
    state: () => state,
    onState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    close: () => transport.close(),
  }
}

/** A run whose engine is gone needs no closing; anything else is a fault of the protocol and is worth a line. */
function ignoreLostClose(error: unknown): void {
  if (error instanceof EngineError && error.code === 'engine-lost') return
  console.error('run.close', error)
}

/** Details of an engine's refusal as one sentence, for toasts and banners. */
export function errorSentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

