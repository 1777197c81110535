import type { RunEvent } from '../../model/events.ts'
import type { RequestParams, RequestResults, RunSummary } from '../../model/protocol.ts'
import { EngineError } from './messages.ts'

/** What a window wants to hear of one run. Events arrive in order of `seq`, without gaps and without repetition. */
export interface RunListener {
  /** The run's summary and the flow text it was started with; again after each reconnection. */
  opened(summary: RunSummary, flowText: string): void
  events(events: readonly RunEvent[]): void
  /** The run cannot be followed (it is unknown, or its store is damaged). */
  failed(error: EngineError): void
}

interface Follower {
  readonly runId: string
  readonly listener: RunListener
  lastSeq: number
  /** Events that came while the run was being opened; undefined while it is open. */
  held: RunEvent[] | undefined
}

type OpenRun = (params: RequestParams<'run.open'>) => Promise<RequestResults['run.open']>

/** The runs a window follows: joins what `run.open` answers with what is sent later, and opens anew where events miss. */
export class RunFollowers {
  readonly #open: OpenRun
  readonly #followers = new Map<string, Set<Follower>>()

  constructor(open: OpenRun) {
    this.#open = open
  }

  /** Follows a run from its first event. The result stops it, and tells whether nobody follows the run any more. */
  follow(runId: string, listener: RunListener): () => boolean {
    const follower: Follower = { runId, listener, lastSeq: 0, held: undefined }
    const group = this.#followers.get(runId) ?? new Set<Follower>()
    this.#followers.set(runId, group)
    group.add(follower)
    this.#reopen(follower)
    return () => {
      group.delete(follower)
      return group.size === 0 && this.#followers.delete(runId)
    }
  }

  received(runId: string, events: readonly RunEvent[]): void {
    for (const follower of this.#followers.get(runId) ?? []) this.#deliver(follower, events)
  }

  /** The connection broke: what is being opened is not, any more. */
  broken(): void {
    for (const follower of this.#all()) follower.held = undefined
  }

  /** There is a new connection: every run goes on from the last event it has. */
  reopenAll(): void {
    for (const follower of this.#all()) this.#reopen(follower)
  }

  #all(): Follower[] {
    return [...this.#followers.values()].flatMap((group) => [...group])
  }

  #reopen(follower: Follower): void {
    if (follower.held) return
    follower.held = []
    const { runId, lastSeq } = follower
    this.#open(lastSeq > 0 ? { runId, after: lastSeq } : { runId }).then(
      ({ summary, flowText, events }) => {
        const late = follower.held ?? []
        follower.held = undefined
        follower.listener.opened(summary, flowText)
        this.#deliver(follower, [...events, ...late])
      },
      (error: unknown) => {
        follower.held = undefined
        const known = error instanceof EngineError ? error : new EngineError('internal-error', String(error))
        if (known.code !== 'engine-lost') follower.listener.failed(known)
      },
    )
  }

  #deliver(follower: Follower, events: readonly RunEvent[]): void {
    if (follower.held) {
      follower.held.push(...events)
      return
    }
    const fresh: RunEvent[] = []
    for (const event of events) {
      if (event.seq <= follower.lastSeq) continue
      if (event.seq !== follower.lastSeq + 1) break
      follower.lastSeq = event.seq
      fresh.push(event)
    }
    if (fresh.length > 0) follower.listener.events(fresh)
    const last = events.at(-1)
    if (last && last.seq > follower.lastSeq) this.#reopen(follower)
  }
}
