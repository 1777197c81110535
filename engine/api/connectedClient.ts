import type { ProgressMessage, RunEvent } from '../../model/events.ts'
import type { Notification, RunSummary } from '../../model/protocol.ts'

interface OpenRun {
  /** Last event this client has, or is about to get in an answer. */
  seq: number
  readonly full: boolean
}

/**
 * One window or command that speaks to the engine: what it is told unasked. Events reach it only of runs it opened,
 * each once, and never before the answer that opened the run.
 */
export class ConnectedClient {
  readonly #send: (notification: Notification) => void
  readonly #openRuns = new Map<string, OpenRun>()
  #held: Notification[] | undefined

  constructor(send: (notification: Notification) => void) {
    this.#send = send
  }

  /** From now on events after `seq` follow; they are held back until {@link answered}. */
  openRun(runId: string, seq: number, full: boolean): void {
    this.#openRuns.set(runId, { seq, full })
    this.#held ??= []
  }

  closeRun(runId: string): void {
    this.#openRuns.delete(runId)
  }

  /** An answer was sent: what was held back follows. */
  answered(): void {
    const held = this.#held
    this.#held = undefined
    for (const notification of held ?? []) this.#send(notification)
  }

  /** Gives the events of one run that this client does not have yet; `preview` shortens those of a window. */
  events(runId: string, events: readonly RunEvent[], preview: (event: RunEvent) => RunEvent): void {
    const run = this.#openRuns.get(runId)
    const fresh = run ? events.filter((event) => event.seq > run.seq) : []
    const last = fresh.at(-1)
    if (!run || !last) return
    run.seq = last.seq
    this.notify({ event: 'run.events', params: { runId, events: run.full ? fresh : fresh.map(preview) } })
  }

  progress(messages: readonly ProgressMessage[]): void {
    const ours = messages.filter((message) => this.#openRuns.has(message.runId))
    if (ours.length > 0) this.notify({ event: 'run.progress', params: { messages: ours } })
  }

  runChanged(run: RunSummary): void {
    this.notify({ event: 'run.listChanged', params: { run } })
  }

  notify(notification: Notification): void {
    if (this.#held) this.#held.push(notification)
    else this.#send(notification)
  }
}
